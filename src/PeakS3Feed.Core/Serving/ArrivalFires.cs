using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Arrivals;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>Queues fires for the objects that queues have announced, and for the listings of feeds that find their objects by events.</summary>
internal sealed class ArrivalFires(DefinitionStore store, ArrivalLog log, ListingLog listings, TimeProvider time)
{
    /// <summary>Fires the triggers that have arrivals or whose feeds must be listed, unless a run of their feeds waits or is active.</summary>
    /// <param name="filter">The triggers; null for all.</param>
    /// <param name="cancellationToken">Cancels between two triggers.</param>
    public async Task FireAsync(Predicate<S3FeedTrigger>? filter, CancellationToken cancellationToken)
    {
        var definitions = await store.ReadAsync(cancellationToken);
        var waiting = await log.ListTriggersAsync(cancellationToken);
        foreach (var trigger in definitions.Triggers.Where(t => t.Kind == TriggerKind.Queue && t.Enabled && filter?.Invoke(t) != false))
        {
            if (definitions.FindFeed(trigger.FeedName) is not { Enabled: true } feed)
                continue;
            var listingIsDue = await IsListingDueAsync(definitions, feed, cancellationToken);
            if (listingIsDue || waiting.Contains(trigger.Id))
                await log.FireAsync(CreateFire(trigger, feed.Id), listingIsDue, cancellationToken);
        }
        if (waiting.Any(id => definitions.FindTrigger(id) is null))
            await log.ForgetOthersAsync([.. definitions.Triggers.Select(t => t.Id)], cancellationToken);
    }

    private async Task<bool> IsListingDueAsync(StoreDefinitions definitions, S3Feed feed, CancellationToken cancellationToken)
        => feed.Discovery == ObjectDiscovery.Events && definitions.FindConnection(feed.ConnectionName) is { } connection
            && await listings.IsDueAsync(feed.Id, ListingSettings.Describe(feed, connection), feed.ReconcileEvery, cancellationToken);

    private S3FeedFire CreateFire(S3FeedTrigger trigger, Guid feedId)
    {
        var now = time.GetUtcNow();
        return new()
        {
            Id = Guid.NewGuid(),
            TriggerId = trigger.Id,
            TriggerName = trigger.Name,
            FeedId = feedId,
            Scheduled = false,
            DueAt = now,
            State = FireState.Queued,
            DecidedAt = now,
            RunId = Guid.NewGuid(),
        };
    }
}
