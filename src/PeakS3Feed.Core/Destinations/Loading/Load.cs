using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The key of a ledger: one feed's loads into one table.</summary>
/// <param name="FeedId">The feed.</param>
/// <param name="FeedName">The feed's name, for messages.</param>
/// <param name="Table">The table's name as the person wrote it; the destination folds and quotes it.</param>
public sealed record LoadTarget(Guid FeedId, string FeedName, string Table)
{
    /// <summary>The names of all feeds of the store by id, or null when they are unknown: then no other feed counts as removed.</summary>
    public IReadOnlyDictionary<Guid, string>? KnownFeeds { get; init; }

    /// <summary>Returns a feed's name for messages.</summary>
    public string Name(Guid feed) => KnownFeeds?.GetValueOrDefault(feed) ?? "a feed that this store does not have";
}

/// <summary>What a load does to its table.</summary>
public enum LoadMode
{
    /// <summary>Adds rows.</summary>
    Append,

    /// <summary>Updates or inserts whole rows by key. Of several rows with one key, the last in loading order wins.</summary>
    Upsert,

    /// <summary>Replaces all rows.</summary>
    Replace,
}

/// <summary>The settings that all loads of a run share.</summary>
public sealed record LoadSpec
{
    /// <summary>What the loads do to the table.</summary>
    public required LoadMode Mode { get; init; }

    /// <summary>The feed's columns.</summary>
    public required FeedSchema Schema { get; init; }

    /// <summary>The names of the key columns; empty unless <see cref="LoadMode.Upsert"/>.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>
    /// The fields that divide the table into partitions; empty for none. Destinations without <see cref="DestinationCapabilities.Partitions"/> ignore
    /// them: in a pair, only the other table has partitions.
    /// </summary>
    public IReadOnlyList<PartitionField> PartitionBy { get; init; } = [];

    /// <summary>Whether rows get audit columns.</summary>
    public bool Audit { get; init; } = true;

    /// <summary>Whether the rows of a single object may have to be undone (-OnBadFile Skip).</summary>
    public bool UndoObjects { get; init; }

    /// <summary>
    /// Whether rows are sent in a way that finds a single row which the destination refuses. Slower; set once the destination has refused a row.
    /// </summary>
    public bool FindRefusedRows { get; init; }

    /// <summary>The form of the objects, where the engine loads them itself; null for rows that this program reads.</summary>
    public DirectForm? Direct { get; init; }

    /// <summary>Whether the load first deletes the rows of earlier versions of changed keys (-OnChangedObject Replace).</summary>
    public bool DeleteEarlierVersions { get; init; }
}

/// <summary>The run that loads a feed. The lock row names it, so that a message can say who holds the feed.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Host">The machine.</param>
/// <param name="ProcessId">The process on that machine.</param>
/// <param name="Since">When the run began, UTC.</param>
public sealed record RunHolder(Guid RunId, string Host, int ProcessId, DateTimeOffset Since)
{
    /// <inheritdoc/>
    public override string ToString() => $"run {RunId:D} (process {ProcessId} on {Host}, since {Since:u})";
}

/// <summary>The values of a load's audit columns, besides the file name.</summary>
/// <param name="RunId">The run.</param>
/// <param name="At">When the load began, UTC, cut to microseconds.</param>
public sealed record LoadStamp(Guid RunId, DateTimeOffset At);

/// <summary>The name of a load before it has an id: staged files are named by it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Number">The load's number in the run, from 1.</param>
public sealed record LoadName(Guid RunId, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{RunId:N}-{Number}";
}

/// <summary>What one load wrote.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Objects">Whole objects.</param>
/// <param name="Bytes">The objects' bytes as stored.</param>
/// <param name="Schema">The schema, with the columns that the load added.</param>
public sealed record LoadTotals(long Rows, long Objects, long Bytes, FeedSchema Schema)
{
    /// <summary>Rejected rows.</summary>
    public long Rejects { get; init; }
}

/// <summary>One committed load, as the ledger records it.</summary>
/// <param name="LoadId">Hash of feed, table, sequence and object versions: the same work has the same id.</param>
/// <param name="Sequence">The load's number among the loads of this feed and table, from 1.</param>
/// <param name="RunId">The run that committed it.</param>
/// <param name="Mode">What it did to the table.</param>
/// <param name="Rows">Rows loaded.</param>
/// <param name="Objects">Objects loaded.</param>
/// <param name="Bytes">The objects' bytes as stored.</param>
/// <param name="CommittedAt">When the load began, UTC, by the loader's clock.</param>
public sealed record LoadRecord(
    string LoadId, long Sequence, Guid RunId, LoadMode Mode, long Rows, long Objects, long Bytes, DateTimeOffset CommittedAt);

/// <summary>A load that was committed.</summary>
/// <param name="Load">The ledger's record of it.</param>
/// <param name="Totals">What it wrote.</param>
public sealed record LoadOutcome(LoadRecord Load, LoadTotals Totals);
