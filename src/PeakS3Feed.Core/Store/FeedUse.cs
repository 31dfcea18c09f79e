namespace PeakS3Feed.Store;

/// <summary>What is removed together with a feed, and what stays.</summary>
/// <param name="FeedName">The feed.</param>
/// <param name="Table">Its table, which stays.</param>
/// <param name="Destination">The destination of the table.</param>
/// <param name="HasLoaded">Whether the feed has loaded anything, as far as is known.</param>
/// <param name="Runs">The number of its runs in the history.</param>
/// <param name="Triggers">The names of its triggers.</param>
/// <param name="Watchers">The names of its watchers, without those of all feeds.</param>
public sealed record FeedRemoval(
    string FeedName, string Table, string Destination, bool HasLoaded, int Runs, IReadOnlyList<string> Triggers, IReadOnlyList<string> Watchers);

/// <summary>A feed's table, and the other feeds that load into it: what a reset affects.</summary>
/// <param name="FeedName">The feed.</param>
/// <param name="Table">Its table.</param>
/// <param name="Destination">The description of the destination, for people.</param>
/// <param name="Exists">Whether the table exists.</param>
/// <param name="Rows">The number of its rows; null if the table is so broken that nobody can count them.</param>
/// <param name="IsReplaced">Whether the feed replaces all rows with each load.</param>
/// <param name="SharedWith">Other feeds that load into the table or have loaded into it: names, or ids of feeds that are not in the store.</param>
/// <param name="Removed">The ids of feeds that were removed from this store and have loaded into the table.</param>
public sealed record TableUse(
    string FeedName, string Table, string Destination, bool Exists, long? Rows, bool IsReplaced, IReadOnlyList<string> SharedWith,
    IReadOnlyList<string> Removed);
