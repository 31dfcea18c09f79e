using PeakS3Feed.Definitions;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds;

/// <summary>A feed: which objects of a connection it reads, how it reads them, and how and where it loads them. Immutable.</summary>
public sealed record S3Feed : DefinitionRecord
{
    /// <summary>The destination of a feed that names none.</summary>
    public static IReadOnlyList<string> DefaultDestinations { get; } = (string[])["local"]; // an array, so that PowerShell can index it

    /// <summary>The default of <see cref="ReconcileEvery"/>: 1 day.</summary>
    public static readonly TimeSpan DefaultReconcileEvery = TimeSpan.FromDays(1);

    /// <summary>The feed's identity, kept through export, import and rename; the ledger is keyed by it.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>Whether it stands for files that are read before there is a feed: messages do not speak of a feed then. Never stored.</summary>
    internal bool IsDraft { get; init; }

    /// <summary>Returns what stands for the files of a connection while there is no feed yet.</summary>
    /// <param name="connection">The name of the connection.</param>
    /// <param name="type">The type of the files.</param>
    public static S3Feed Draft(string connection, FileType type) => new() { Name = "preview", ConnectionName = connection, FileType = type, IsDraft = true };

    /// <summary>Letters, digits, underscores; starts with a letter, does not end with an underscore; at most 50 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The connection.</summary>
    public required string ConnectionName { get; init; }

    /// <summary>The folder under the connection's root path, ending in a slash; null for the root path itself.</summary>
    public string? Path { get; init; }

    /// <summary>The type of all its files.</summary>
    [DefinitionMember(Always = true)]
    public FileType FileType { get; init; }

    /// <summary>The encoding of all its files.</summary>
    public FileEncoding Encoding { get; init; }

    /// <summary>The dialect, for CSV.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>Formats of dates and times in addition to ISO 8601, as .NET custom format strings.</summary>
    public IReadOnlyList<string> DateFormats { get; init; } = [];

    /// <summary>Objects modified before this day (midnight UTC) are not part of the feed.</summary>
    public DateOnly? HistoricalDate { get; init; }

    /// <summary>Globs of the objects to read, relative to the path. They replace the rule of file names; empty for the rule.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of the objects to leave out, relative to the path.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>How it loads the rows.</summary>
    [DefinitionMember(Always = true)]
    public LoadType LoadType { get; init; }

    /// <summary>The columns of the primary key, for Upsert.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>
    /// The fields that divide the table into partitions: columns, or parts of dates such as <c>year(ordered_at)</c>. Empty for a table without
    /// partitions. At least one of the destinations must have tables with partitions.
    /// </summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>The destinations.</summary>
    [DefinitionMember(Always = true)]
    public IReadOnlyList<string> DestinationNames { get; init; } = DefaultDestinations;

    /// <summary>The table, or null for the feed's name.</summary>
    public string? Table { get; init; }

    /// <summary>The columns, or null until they are inferred.</summary>
    public FeedSchema? Schema { get; init; }

    /// <summary>What to do with new fields.</summary>
    public SchemaEvolution SchemaEvolution { get; init; }

    /// <summary>How many rows of a commit may be rejects.</summary>
    public FailedRowThreshold FailedRowThreshold { get; init; }

    /// <summary>What to do with a file that cannot be read.</summary>
    public BadFileAction OnBadFile { get; init; }

    /// <summary>What to do if no object matches and the feed has never loaded one.</summary>
    public EmptyPathAction EmptyPath { get; init; }

    /// <summary>What to do with a loaded object that has a new version.</summary>
    public ChangedObjectAction OnChangedObject { get; init; }

    /// <summary>How a run finds its objects.</summary>
    public ObjectDiscovery Discovery { get; init; }

    /// <summary>For discovery by events: how often a run lists all objects, at least; 1 day by default, 1 minute to 366 days.</summary>
    public TimeSpan ReconcileEvery { get; init; } = DefaultReconcileEvery;

    /// <summary>Whether a TruncateInsert may leave the table empty.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>Commit after reading this many bytes of objects; 10 GB by default.</summary>
    public long CommitEveryBytes { get; init; } = 10_000_000_000;

    /// <summary>Commit after reading this many objects; 0 for no limit.</summary>
    public int CommitEveryObjects { get; init; }

    /// <summary>Which audit columns the table gets.</summary>
    public AuditColumns AuditColumns { get; init; }

    /// <summary>Whether a new feed may load into a table that already has rows.</summary>
    public bool AdoptTable { get; init; }

    /// <summary>For an adopted table: objects last modified before this time count as loaded; null for none.</summary>
    [DefinitionMember(Converter = typeof(FeedTimeConverter))]
    public DateTimeOffset? AssumeLoadedBefore { get; init; }

    /// <summary>Labels of the user's choice.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether it is enabled.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether it has a setting that programs which know only the first major version of the definitions' format would ignore.</summary>
    internal bool NeedsFormat2 => Encoding != FileEncoding.Utf8 || CsvOnlySettings.FindFurther(Csv).Any();

    /// <summary>How the values in its files are read. Throws with id <c>DateFormatInvalid</c>.</summary>
    internal ValueFormats ValueFormats => ValueFormats.From(DateFormats, Csv);

    /// <summary>How its files are read.</summary>
    internal FileFormat Format => new(FileType, Csv, Encoding);

    /// <summary>The table it loads into.</summary>
    public string TableName => Table ?? Name;

    /// <summary>Returns the feed with another file type. A separator and other settings that are refused for this type are not kept.</summary>
    public S3Feed WithFileType(FileType type) => this with { FileType = type, Csv = type == FileType.Csv ? Csv : CsvOnlySettings.Reset(Csv) };

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
