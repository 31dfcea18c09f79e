using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Detects that no object arrived by a time of day.</summary>
internal sealed class ArrivalWatch(RunHistory history, DeliveryLog log, DeliveryFactory deliveries, TimeProvider time, ILogger logger)
{
    // A run that is still listing may find objects. A run on a host that no longer exists never ends, so the wait is limited.
    private static readonly TimeSpan MaxWait = TimeSpan.FromHours(6);

    private static readonly TimeSpan BeforeDue = TimeSpan.FromSeconds(1);

    // The first check takes place within this time after the instant.
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>Creates the messages about objects that did not arrive.</summary>
    /// <returns>When the next check is due; null if no watcher needs one.</returns>
    public async Task<DateTimeOffset?> CheckAsync(StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (var watcher in definitions.Watchers.Where(w => w.Enabled && w.Events.Contains(WatcherEvent.NothingArrived) && IsValid(w)))
        {
            TriggerTimeZone.TryFind(watcher.TimeZone, out var zone);
            var schedule = CronSchedule.From(CronText.At(watcher.ArrivesBy!.Value, watcher.ArrivesOn), zone!);
            await CheckAsync(watcher, definitions, schedule, new WallClock(zone!), cancellationToken);
            if (schedule.NextAfter(time.GetUtcNow()) is { } due && !(due >= next))
                next = due;
        }
        return next;
    }

    private async Task CheckAsync(S3FeedWatcher watcher, StoreDefinitions definitions, TriggerSchedule schedule, WallClock clock,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = await log.GetCheckedUntilAsync(watcher.Id, cancellationToken);
        var since = watcher.Since > now ? null : watcher.Since;
        // The system clock was ahead and was set back, so the watcher's clock is reset to now.
        if (before > now || (before > since ? before : since ?? before) is not { } from)
        {
            await log.TrySetCheckedUntilAsync(watcher.Id, before, now, [], cancellationToken);
            return;
        }
        if (schedule.LastUpTo(now, from) is not { } due)
            return;
        var day = DateOnly.FromDateTime(clock.At(due));
        var start = clock.First(day.ToDateTime(TimeOnly.MinValue));
        // A disabled feed loads nothing.
        var feeds = definitions.Feeds.Where(f => f.Enabled && watcher.Watches(f.Name)).ToList();
        // An earlier check found runs that were still listing, and set the watcher's clock to just before the due time. Only their feeds are
        // checked again.
        if (before == due - BeforeDue)
            feeds = await SelectStartedAsync(feeds, start, due, cancellationToken);
        var (missing, open) = await FindAsync(watcher, feeds, day, start, cancellationToken);
        await log.TrySetCheckedUntilAsync(watcher.Id, before, open && now - due < MaxWait ? due - BeforeDue : due, missing, cancellationToken);
    }

    private async Task<List<S3Feed>> SelectStartedAsync(
        List<S3Feed> feeds, DateTimeOffset start, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var started = new List<S3Feed>();
        foreach (var feed in feeds)
        {
            if (await history.HasStartedAsync(feed.Id, start, due + Delay, cancellationToken))
                started.Add(feed);
        }
        return started;
    }

    // Returns the messages, and whether a run is still listing.
    private async Task<(List<S3FeedDelivery> Missing, bool Open)> FindAsync(
        S3FeedWatcher watcher, List<S3Feed> feeds, DateOnly day, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var missing = new List<S3FeedDelivery>();
        var open = false;
        foreach (var feed in feeds)
        {
            var found = await history.HasFoundObjectsAsync(feed.Id, start, cancellationToken);
            open |= found is null;
            if (found == false)
                missing.Add(deliveries.NothingArrived(watcher, feed, day));
        }
        return (missing, open);
    }

    private bool IsValid(S3FeedWatcher watcher)
    {
        try
        {
            WatcherRules.ThrowIfInvalid(watcher);
            return true;
        }
        catch (FeedException e)
        {
            // The file was edited by hand. The other watchers still work.
            if (_warned.Add(e.Message))
                logger.LogWarning("Watcher {Watcher} waits for nothing: {Reason} {Hint}", watcher.Name, e.Message, e.Hint);
            return false;
        }
    }
}
