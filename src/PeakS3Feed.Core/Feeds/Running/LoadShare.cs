using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What one destination commits of a load.</summary>
/// <param name="work">The load.</param>
/// <param name="plan">The run's plan.</param>
/// <param name="target">The destination's place among those of the plan.</param>
internal sealed class LoadShare(LoadWork work, FeedPlan plan, int target) : ILoadShare
{
    public bool AdoptTable => plan.Feed.AdoptTable;

    public bool AllowEmpty => plan.Feed.AllowEmpty;

    // If an object was planned again, the signature of the listing is wrong. Without a signature, the next run loads everything again.
    public string? Signature => work.IsReplanned ? null : plan.Signature?.Compute(plan.Feed, work.Written);

    public long AssumedObjectCount => work.Number == 1 ? plan.Destinations[target].ObjectsAssumedLoaded : 0;

    public IAsyncEnumerable<SourceObject> AssumedObjects() => plan.File.Assumed(target).ToAsyncEnumerable();

    // In a transaction, the deletion comes before the rows. Staged rows are written before it, so a skipped object can keep its earlier rows.
    public IAsyncEnumerable<SourceObject> ChangedObjects()
        => plan.File.Changed(work.Number, target, onlyWritten: work.IsStaged).ToAsyncEnumerable();

    public IAsyncEnumerable<LoadedObject> WrittenObjects() => plan.File.Written(work.Number, target).ToAsyncEnumerable();
}
