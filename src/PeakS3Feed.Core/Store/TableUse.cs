namespace PeakS3Feed.Store;

/// <summary>A feed's table, and who else loads into it: what a reset is about.</summary>
/// <param name="FeedName">The feed.</param>
/// <param name="Table">Its table.</param>
/// <param name="Destination">The destination, for people.</param>
/// <param name="Exists">Whether the table is there.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="IsReplaced">Whether the feed replaces all rows with each load.</param>
/// <param name="SharedWith">The other feeds that load into it or have loaded into it: by name, or by id where the store does not have them.</param>
/// <param name="Removed">Feeds that this store had once and that have loaded into it; by id.</param>
public sealed record TableUse(
    string FeedName, string Table, string Destination, bool Exists, long Rows, bool IsReplaced, IReadOnlyList<string> SharedWith, IReadOnlyList<string> Removed);
