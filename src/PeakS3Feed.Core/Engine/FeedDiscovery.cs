using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Runs;
using PeakS3Feed.Triggers.Arrivals;

namespace PeakS3Feed.Engine;

/// <summary>
/// Decides for one run whether it lists its feed or considers the announced objects alone, and records afterwards what it has seen.
/// </summary>
/// <param name="arrivals">The announced objects.</param>
/// <param name="listings">The times of listings.</param>
/// <param name="time">The clock.</param>
internal sealed class FeedDiscovery(ArrivalLog arrivals, ListingLog listings, TimeProvider time)
{
    /// <summary>The maximum number of objects that are looked up one by one. For more, a listing costs fewer requests.</summary>
    public const int MaxAnnounced = 10_000;

    private ArrivalMark? _mark;
    private (string Settings, DateTimeOffset At)? _listing;

    /// <summary>Remembers which objects are announced by now. The run begins after this, so it sees them all.</summary>
    public async Task BeginAsync(ResolvedFeed resolved, CancellationToken cancellationToken)
        => _mark = await arrivals.MarkAsync(resolved.QueueTriggers, cancellationToken);

    /// <summary>Returns the keys of the objects that the run considers; null if it lists.</summary>
    /// <exception cref="Errors.FeedException"><c>DiscoveryWithoutQueue</c>.</exception>
    public async Task<IReadOnlyList<string>?> FindAsync(ResolvedFeed resolved, CancellationToken cancellationToken)
    {
        var (feed, settings, now) = (resolved.Feed, ListingSettings.Describe(resolved.Feed, resolved.Connection), time.GetUtcNow());
        if (!UsesEvents(resolved))
            return null;
        if (!await listings.IsDueAsync(feed.Id, settings, feed.ReconcileEvery, cancellationToken)
            && await arrivals.ListKeysAsync(resolved.QueueTriggers, MaxAnnounced + 1, cancellationToken) is { Count: <= MaxAnnounced } keys)
            return keys;
        _listing = (settings, now);
        return null;
    }

    /// <summary>Returns what a run would consider now, as <see cref="FindAsync"/>, and changes no file.</summary>
    /// <exception cref="Errors.FeedException"><c>DiscoveryWithoutQueue</c>.</exception>
    public async Task<IReadOnlyList<string>?> PeekAsync(ResolvedFeed resolved, CancellationToken cancellationToken)
    {
        var (feed, settings) = (resolved.Feed, ListingSettings.Describe(resolved.Feed, resolved.Connection));
        if (!UsesEvents(resolved) || await listings.PeekIsDueAsync(feed.Id, settings, feed.ReconcileEvery, cancellationToken))
            return null;
        return await arrivals.PeekKeysAsync(resolved.QueueTriggers, MaxAnnounced + 1, cancellationToken) is { Count: <= MaxAnnounced } keys ? keys : null;
    }

    /// <summary>Records what the run has seen, if it ended well. A failure to record costs a run that finds nothing.</summary>
    public async Task EndAsync(S3FeedRun run)
    {
        if (run.Status is RunStatus.Failed or RunStatus.Canceled or RunStatus.Running)
            return;
        if (_listing is var (settings, at))
            await listings.RecordAsync(run.FeedId, settings, at, CancellationToken.None);
        if (_mark is not null)
            await arrivals.ForgetAsync(_mark, CancellationToken.None);
    }

    private static bool UsesEvents(ResolvedFeed resolved) => resolved.Feed.Discovery == ObjectDiscovery.Events
        && (resolved.QueueTriggers.Count > 0 ? true : throw FeedRunErrors.NoQueue(resolved.Feed));
}
