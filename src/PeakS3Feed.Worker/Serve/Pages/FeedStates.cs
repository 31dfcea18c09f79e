using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>Reads the feeds, runs and triggers for the first page.</summary>
internal sealed class FeedStates(FeedEngine engine, DefinitionsCache definitions, TimeProvider time)
{
    public async Task<IReadOnlyList<FeedState>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await definitions.GetAsync(cancellationToken);
        await engine.History.MarkDeadRunsAsync(cancellationToken: cancellationToken);
        var queues = await engine.ListQueueStatesAsync(all, cancellationToken);
        var states = new List<FeedState>();
        foreach (var feed in all.Feeds.OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase))
        {
            var runs = await engine.History.ListAsync(new RunFilter { FeedId = feed.Id, Last = FeedState.ShownRuns },
                cancellationToken).ToListAsync(cancellationToken);
            var triggers = all.Triggers.Where(t => string.Equals(t.FeedName, feed.Name, StringComparison.OrdinalIgnoreCase));
            states.Add(new(feed, runs, [.. triggers.Select(t => new TriggerState(t, Next(t), queues.GetValueOrDefault(t.Id)))]));
        }
        return states;
    }

    private DateTimeOffset? Next(S3FeedTrigger trigger)
    {
        try
        {
            return trigger.Enabled ? TriggerSchedule.From(trigger)?.NextAfter(time.GetUtcNow()) : null;
        }
        catch (FeedException)
        {
            // The trigger's description says what is wrong with it.
            return null;
        }
    }
}

/// <summary>A feed on the first page.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Runs">Its last runs, the newest first.</param>
/// <param name="Triggers">Its triggers.</param>
internal sealed record FeedState(S3Feed Feed, IReadOnlyList<S3FeedRun> Runs, IReadOnlyList<TriggerState> Triggers)
{
    /// <summary>The number of runs shown.</summary>
    public const int ShownRuns = 30;
}

/// <summary>A trigger on the first page.</summary>
/// <param name="Trigger">The trigger.</param>
/// <param name="Next">Its next fire time by its schedule, or null.</param>
/// <param name="Queue">The state of its queue; null if it has none.</param>
internal sealed record TriggerState(S3FeedTrigger Trigger, DateTimeOffset? Next, QueueState? Queue);
