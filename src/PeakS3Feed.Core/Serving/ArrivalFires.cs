using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Arrivals;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>Queues fires for the objects that queues have announced.</summary>
internal sealed class ArrivalFires(DefinitionStore store, ArrivalLog log, TimeProvider time)
{
    /// <summary>Fires the triggers that have arrivals, unless a run of their feeds waits or is active.</summary>
    /// <param name="filter">The triggers; null for all.</param>
    /// <param name="cancellationToken">Cancels between two triggers.</param>
    public async Task FireAsync(Predicate<S3FeedTrigger>? filter, CancellationToken cancellationToken)
    {
        var waiting = await log.ListTriggersAsync(cancellationToken);
        if (waiting.Count == 0)
            return;
        var definitions = await store.ReadAsync(cancellationToken);
        foreach (var trigger in definitions.Triggers.Where(t => t.Enabled && waiting.Contains(t.Id) && filter?.Invoke(t) != false))
        {
            if (definitions.FindFeed(trigger.FeedName) is { Enabled: true } feed)
                await log.FireAsync(CreateFire(trigger, feed.Id), cancellationToken);
        }
        if (waiting.Any(id => definitions.FindTrigger(id) is null))
            await log.ForgetOthersAsync([.. definitions.Triggers.Select(t => t.Id)], cancellationToken);
    }

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
