namespace PeakS3Feed.Destinations.Loading;

/// <summary>The table as the destination has it.</summary>
public sealed record TableState
{
    /// <summary>Whether it exists.</summary>
    public bool Exists { get; init; }

    /// <summary>Whether it holds at least one row.</summary>
    public bool HasRows { get; init; }

    /// <summary>Its columns.</summary>
    public IReadOnlyList<TableColumn> Columns { get; init; } = [];

    /// <summary>Unique indexes, each as its set of column names; partial and expression indexes are left out.</summary>
    public IReadOnlyList<IReadOnlySet<string>> UniqueKeys { get; init; } = [];

    /// <summary>What the ledger says, or null when this feed never loaded into it.</summary>
    public LedgerState? Ledger { get; init; }

    /// <summary>What the feed would take over by adopting the table; null when its own loads count or no such rows stand in the table.</summary>
    public LedgerTakeover? Takeover { get; init; }

    /// <summary>The load types of other feeds that have loaded into it, by feed id.</summary>
    public IReadOnlyDictionary<Guid, string> OtherFeeds { get; init; } = new Dictionary<Guid, string>();
}
