using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>Creates the fires that schedules make due: queued, missed or skipped.</summary>
internal sealed class DueFires(DefinitionStore store, FireLog log, TimeProvider time, ILogger logger)
{
    /// <summary>A fire that is late by more than this was missed: one minute.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>Decides about all fires that are due by now.</summary>
    /// <param name="filter">The triggers to decide about; null for all.</param>
    /// <param name="cancellationToken">Cancels between two triggers.</param>
    /// <returns>When the next fire is due; null if no trigger has one.</returns>
    public async Task<DateTimeOffset?> DecideAsync(Predicate<S3FeedTrigger>? filter, CancellationToken cancellationToken)
    {
        var definitions = await store.ReadAsync(cancellationToken);
        DateTimeOffset? next = null;
        foreach (var trigger in definitions.Triggers.Where(t => t.Enabled && filter?.Invoke(t) != false))
        {
            if (definitions.FindFeed(trigger.FeedName) is not { } feed || ScheduleOf(trigger) is not { } schedule)
                continue;
            await DecideAsync(trigger, feed, schedule, cancellationToken);
            if (schedule.NextAfter(time.GetUtcNow()) is { } due && !(due >= next))
                next = due;
        }
        return next;
    }

    /// <summary>Finds the triggers whose feeds are due to run by now. Decides nothing.</summary>
    /// <param name="filter">The triggers to look at; null for all.</param>
    /// <param name="cancellationToken">Cancels between two triggers.</param>
    public async Task<IReadOnlyList<S3FeedTrigger>> FindAsync(Predicate<S3FeedTrigger>? filter, CancellationToken cancellationToken)
    {
        var definitions = await store.ReadAsync(cancellationToken);
        var due = new List<S3FeedTrigger>();
        foreach (var trigger in definitions.Triggers.Where(t => t.Enabled && filter?.Invoke(t) != false))
        {
            if (definitions.FindFeed(trigger.FeedName) is not { Enabled: true } feed || ScheduleOf(trigger) is not { } schedule)
                continue;
            var before = await log.GetDecidedUntilAsync(trigger.Id, cancellationToken);
            if (FindStart(trigger, before) is { } from && schedule.LastUpTo(time.GetUtcNow(), from) is { } last
                && CreateFires(trigger, feed, schedule, from, last).Any(f => f.State == FireState.Queued))
                due.Add(trigger);
        }
        return due;
    }

    // Since when fires count; null if there is nothing to count from. The system clock may have been ahead and set back: earlier fires are recorded
    // with their due times, so none repeats.
    private DateTimeOffset? FindStart(S3FeedTrigger trigger, DateTimeOffset? before)
    {
        var latest = time.GetUtcNow() + Grace;
        return before > latest ? null : Later(before, trigger.Since > latest ? null : trigger.Since);
    }

    private async Task DecideAsync(S3FeedTrigger trigger, S3Feed feed, TriggerSchedule schedule, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = await log.GetDecidedUntilAsync(trigger.Id, cancellationToken);
        if (FindStart(trigger, before) is not { } from)
        {
            await log.DecideAsync(trigger.Id, before, now, [], cancellationToken);
            return;
        }
        if (schedule.LastUpTo(now, from) is not { } due)
            return;
        // A disabled feed has no missed fires.
        IReadOnlyList<S3FeedFire> fires = feed.Enabled ? [.. CreateFires(trigger, feed, schedule, from, due)] : [];
        await log.DecideAsync(trigger.Id, before, due, fires, cancellationToken);
    }

    private IEnumerable<S3FeedFire> CreateFires(S3FeedTrigger trigger, S3Feed feed, TriggerSchedule schedule, DateTimeOffset from, DateTimeOffset due)
    {
        var first = schedule.NextAfter(from)!.Value;
        var late = time.GetUtcNow() - due > Grace;
        var skips = trigger.Misfire == MisfireAction.Skip;
        if (skips && late)
            yield return CreateFire(trigger, feed, due, FireState.Missed, first < due ? Since("the last of the fires due since", first) : null);
        if (skips && late)
            yield break;
        if (skips && first < due && schedule.LastUpTo(due - TimeSpan.FromTicks(1), from) is { } missed)
            yield return CreateFire(trigger, feed, missed, FireState.Missed, first < missed ? Since("the last of the fires due since", first) : null);
        yield return CreateFire(trigger, feed, due, FireState.Queued, first < due && !skips ? Since("for all fires due since", first) : null);
    }

    private S3FeedFire CreateFire(S3FeedTrigger trigger, S3Feed feed, DateTimeOffset due, FireState state, string? reason) => new()
    {
        Id = Guid.NewGuid(),
        TriggerId = trigger.Id,
        TriggerName = trigger.Name,
        FeedId = feed.Id,
        Scheduled = true,
        DueAt = due,
        State = state,
        DecidedAt = time.GetUtcNow(),
        RunId = state == FireState.Queued ? Guid.NewGuid() : null,
        Reason = reason,
    };

    private TriggerSchedule? ScheduleOf(S3FeedTrigger trigger)
    {
        try
        {
            return TriggerSchedule.From(trigger);
        }
        catch (Exception e)
        {
            // The file was edited by hand. The other triggers still fire.
            if (_warned.Add(e.Message))
                logger.LogWarning("Trigger {Trigger} does not fire: {Reason} {Hint}", trigger.Name, e.Message, (e as FeedException)?.Hint);
            return null;
        }
    }

    private static DateTimeOffset? Later(DateTimeOffset? first, DateTimeOffset? second) => second is null || first >= second ? first : second;

    private static string Since(string text, DateTimeOffset first) => $"{text} {first.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
}
