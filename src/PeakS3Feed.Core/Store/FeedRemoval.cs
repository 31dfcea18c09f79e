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
