namespace PeakS3Feed.Destinations.Loading;

/// <summary>The changes that make a table fit a feed, in order. They only add; nothing of the table is lost.</summary>
/// <param name="Changes">The changes.</param>
public sealed record TableFit(IReadOnlyList<TableChange> Changes)
{
    /// <summary>A table that needs no change.</summary>
    public static TableFit None { get; } = new([]);

    /// <summary>The loads that the feed takes over, or null.</summary>
    public LedgerTakeover? Takeover => Changes.OfType<TakeOverLedger>().FirstOrDefault()?.Takeover;

    /// <summary>Compares a table with what a feed needs. Throws where no additive change can make it fit.</summary>
    public static TableFit Find(
        TableSnapshot table, LoadSpec spec, LoadTarget target, IColumnTypes types, DestinationCapabilities capabilities, bool adopt)
        => new(new TableComparison(table, spec, target, types, capabilities).Find(adopt));
}
