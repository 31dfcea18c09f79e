namespace PeakS3Feed.Store;

/// <summary>What goes with a feed that is removed.</summary>
/// <param name="FeedName">The feed.</param>
/// <param name="Table">Its table, which stays.</param>
/// <param name="Destination">The destination that has the table.</param>
/// <param name="HasLoaded">Whether it has loaded anything, as far as that is known.</param>
/// <param name="Runs">How many runs the history has of it.</param>
/// <param name="Triggers">The names of its triggers.</param>
/// <param name="Watchers">The names of its watchers; those of all feeds are not among them.</param>
public sealed record FeedRemoval(
    string FeedName, string Table, string Destination, bool HasLoaded, int Runs, IReadOnlyList<string> Triggers, IReadOnlyList<string> Watchers);

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
