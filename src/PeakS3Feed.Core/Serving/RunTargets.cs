using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;

namespace PeakS3Feed.Serving;

/// <summary>A feed and what its run writes to.</summary>
/// <param name="FeedId">The feed.</param>
/// <param name="FeedName">Its name.</param>
/// <param name="Table">Its table.</param>
/// <param name="Destinations">Its destinations. Without those that are missing or not valid: with them, the run does not begin.</param>
internal sealed record RunTargets(Guid FeedId, string FeedName, string Table, IReadOnlyList<S3FeedDestination> Destinations)
{
    /// <summary>Returns what a run of the feed writes to.</summary>
    public static RunTargets From(StoreDefinitions definitions, S3Feed feed, DestinationKinds kinds) => new(
        feed.Id, feed.Name, feed.TableName,
        [.. feed.DestinationNames.Select(definitions.FindDestination).OfType<S3FeedDestination>().Where(d => IsValid(d, kinds))]);

    private static bool IsValid(S3FeedDestination destination, DestinationKinds kinds)
    {
        if (ReferenceEquals(destination, StoreDefinitions.Local))
            return true;
        try
        {
            kinds.ThrowIfInvalid(destination);
            return true;
        }
        catch (FeedException)
        {
            return false;
        }
    }
}

/// <summary>Finds runs that must not be active at the same time.</summary>
/// <param name="kinds">The kinds of destination.</param>
/// <param name="stateDirectory">The folder that relative paths are relative to; absolute.</param>
/// <param name="tables">
/// Whether runs that write to one table exclude each other. Their destinations allow it, but a run whose table gets a column waits for the others
/// for a limited time only.
/// </param>
internal sealed class RunConflicts(DestinationKinds kinds, string stateDirectory, bool tables)
{
    /// <summary>
    /// Whether two runs exclude each other. Runs that write to one SQLite file do, because it has one writer at a time and a load is one transaction.
    /// </summary>
    public bool Exist(RunTargets left, RunTargets right)
        => left.FeedId == right.FeedId || left.Destinations.Any(l => right.Destinations.Any(r
            => (kinds.KindOf(l).HasOneWriter || (tables && string.Equals(left.Table, right.Table, StringComparison.OrdinalIgnoreCase)))
                && kinds.AreSame(l, r, stateDirectory)));
}
