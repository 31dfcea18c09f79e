namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// Loads that the ledger has for a table but that do not count for its feed: those of a time before a reset, those of a feed that is gone,
/// or the feed's own into a table that went by another name. They are taken over together or not at all.
/// </summary>
/// <param name="FeedId">The feed that made them.</param>
/// <param name="Table">The table's name in the ledger.</param>
/// <param name="Retired">Which of the feed's resets retired them; 0 when none did.</param>
/// <param name="FirstSequence">The number of the first of them.</param>
/// <param name="LastSequence">The number of the last of them.</param>
/// <param name="Loads">How many they are.</param>
/// <param name="Objects">How many objects they brought.</param>
/// <param name="LastCommit">When the last of them was committed.</param>
public sealed record LedgerUnit(
    Guid FeedId, string Table, long Retired, long FirstSequence, long LastSequence, long Loads, long Objects, DateTimeOffset LastCommit)
{
    /// <summary>What is added to their numbers when they are taken over, so that no two loads of the feed have one number.</summary>
    public long Offset { get; init; }
}
