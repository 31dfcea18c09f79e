using System.Text.Json.Serialization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// The ledger object of one load: JSON in UTF-8, named by the load's number in the log (the version of the feed's <c>txn</c> action). It is written
/// before the commit, never changed, and counts once a committed action names its number. It names all files of the ledger that count with it.
/// </summary>
internal sealed record LedgerHeader
{
    /// <summary>The maximum of <see cref="Loads"/>.</summary>
    public const int MaxLoads = 64;

    // The loads that stay in the object when it is full. The object named by Earlier has those that leave it.
    private const int KeptLoads = MaxLoads / 2;

    /// <summary>The version of this format that the program writes, and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The number in the log.</summary>
    public required long Number { get; init; }

    /// <summary>The number that counted when this object was written; 0 for none.</summary>
    public required long Predecessor { get; init; }

    /// <summary>The attempt that wrote the object.</summary>
    public required Guid Attempt { get; init; }

    /// <summary>The run.</summary>
    public required RunHolder Holder { get; init; }

    /// <summary>The number of the feed's last load, from 1. A reset keeps it.</summary>
    public required long Sequence { get; init; }

    /// <summary>How often the feed was reset, or lost the table to another feed. Runs that began before are fenced.</summary>
    public long Epoch { get; init; }

    /// <summary>The mode of the last run.</summary>
    public required LoadMode Mode { get; init; }

    /// <summary>The feed's columns, as <see cref="SchemaJson"/> writes them; null after a reset, when no load counts.</summary>
    public string? Schema { get; init; }

    /// <summary>The signature of the last Replace load; or null.</summary>
    public string? Signature { get; init; }

    /// <summary>The last loads that count, oldest first, at most <see cref="MaxLoads"/>.</summary>
    public IReadOnlyList<LoadRecord> Loads { get; init; } = [];

    /// <summary>
    /// The number of the object that has the load before the first of <see cref="Loads"/>, and others before it; 0 for none. Each step along these
    /// numbers passes half of <see cref="MaxLoads"/> loads or more.
    /// </summary>
    public long Earlier { get; init; }

    /// <summary>Totals of the loads that count.</summary>
    public LedgerTotals Totals { get; init; } = new();

    /// <summary>The files that list the loaded objects, oldest first. A later one has precedence.</summary>
    public IReadOnlyList<LedgerSegment> Segments { get; init; } = [];

    /// <summary>Loads that no longer count, and that the feed can take over: one item for each reset.</summary>
    public IReadOnlyList<RetiredLedger> Retired { get; init; } = [];

    /// <summary>Returns the object with another load. Until it is full, it keeps all loads of its predecessor.</summary>
    public LedgerHeader With(LoadRecord load) => this with
    {
        Sequence = load.Sequence,
        Loads = Loads.Count < MaxLoads ? [.. Loads, load] : [.. Loads.TakeLast(KeptLoads - 1), load],
        Earlier = Loads.Count < MaxLoads ? Earlier : Predecessor,
        Totals = Totals.With(load),
    };

    /// <summary>The state as the rest of the core sees it.</summary>
    public LedgerState State => new(
        Epoch, Sequence, Mode.ToString(), Schema is null ? null : SchemaJson.Read(Schema), Signature, Holder);
}

/// <summary>Totals of the loads that count.</summary>
/// <param name="Loads">Loads.</param>
/// <param name="Objects">The objects that they brought.</param>
/// <param name="FirstSequence">The number of the first of them; 0 for none.</param>
internal sealed record LedgerTotals(long Loads = 0, long Objects = 0, long FirstSequence = 0)
{
    /// <summary>Returns the totals with another load.</summary>
    public LedgerTotals With(LoadRecord load)
        => new(Loads + 1, Objects + load.Objects, FirstSequence == 0 ? load.Sequence : FirstSequence);
}

/// <summary>A Parquet file that lists objects, in the byte order of bucket and key.</summary>
/// <param name="Name">Its name in the table's folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Objects">The number of objects.</param>
internal sealed record LedgerSegment(string Name, long Bytes, long Objects);

/// <summary>Loads that a reset retired.</summary>
/// <param name="Totals">Their totals.</param>
/// <param name="LastSequence">The number of the last of them.</param>
/// <param name="LastCommit">When the last of them was committed.</param>
/// <param name="Schema">The columns that they recorded.</param>
/// <param name="Segments">The files that list their objects.</param>
internal sealed record RetiredLedger(
    LedgerTotals Totals, long LastSequence, DateTimeOffset LastCommit, string? Schema, IReadOnlyList<LedgerSegment> Segments);

/// <summary>The JSON of ledger objects.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LedgerHeader))]
internal sealed partial class LedgerJson : JsonSerializerContext;
