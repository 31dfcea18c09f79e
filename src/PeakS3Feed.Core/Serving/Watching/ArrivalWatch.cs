using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Finds out that nothing came by a time of day.</summary>
internal sealed class ArrivalWatch(RunHistory history, DeliveryLog log, DeliveryMaker maker, TimeProvider time, ILogger logger)
{
    // A run that is under way may still be looking; one on a host that is no more looks for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    private static readonly TimeSpan JustShort = TimeSpan.FromSeconds(1);

    // How long after the time somebody looks for the first time.
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>Makes the messages about what did not arrive.</summary>
    /// <returns>When to look again; null when no watcher waits for something.</returns>
    public async Task<DateTimeOffset?> LookAsync(StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (var watcher in definitions.Watchers.Where(w => w.Enabled && w.Events.Contains(WatcherEvent.NothingArrived) && IsSound(w)))
        {
            TriggerTimeZone.TryFind(watcher.TimeZone, out var zone);
            var schedule = CronSchedule.From(CronText.At(watcher.ArrivesBy!.Value, watcher.ArrivesOn), zone!);
            await LookAsync(watcher, definitions, schedule, new WallClock(zone!), cancellationToken);
            if (schedule.NextAfter(time.GetUtcNow()) is { } due && !(due >= next))
                next = due;
        }
        return next;
    }

    private async Task LookAsync(S3FeedWatcher watcher, StoreDefinitions definitions, TriggerSchedule schedule, WallClock clock,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = await log.GetCheckedUntilAsync(watcher.Id, cancellationToken);
        var since = watcher.Since > now ? null : watcher.Since;
        // A clock that was ahead and was set back: it begins anew.
        if (before > now || (before > since ? before : since ?? before) is not { } from)
        {
            await log.TrySetCheckedUntilAsync(watcher.Id, before, now, [], cancellationToken);
            return;
        }
        if (schedule.LastUpTo(now, from) is not { } due)
            return;
        var day = DateOnly.FromDateTime(clock.At(due));
        var start = clock.First(day.ToDateTime(TimeOnly.MinValue));
        // A disabled feed is not expected to find anything.
        var feeds = definitions.Feeds.Where(f => f.Enabled && watcher.Watches(f.Name)).ToList();
        // Who has looked before, and found a feed that was still looking, has left the clock just short of the time. Then it is about such feeds
        // alone.
        if (before == due - JustShort)
            feeds = await HadBegunAsync(feeds, start, due, cancellationToken);
        var (missing, open) = await FindAsync(watcher, feeds, day, start, cancellationToken);
        await log.TrySetCheckedUntilAsync(watcher.Id, before, open && now - due < Patience ? due - JustShort : due, missing, cancellationToken);
    }

    private async Task<List<S3Feed>> HadBegunAsync(List<S3Feed> feeds, DateTimeOffset start, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var begun = new List<S3Feed>();
        foreach (var feed in feeds)
        {
            if (await history.HasBegunAsync(feed.Id, start, due + Delay, cancellationToken))
                begun.Add(feed);
        }
        return begun;
    }

    // What is to be told, and whether a feed is still looking.
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
                missing.Add(maker.NothingArrived(watcher, feed, day));
        }
        return (missing, open);
    }

    private bool IsSound(S3FeedWatcher watcher)
    {
        try
        {
            WatcherRules.ThrowIfInvalid(watcher);
            return true;
        }
        catch (FeedException e)
        {
            // Somebody edited the file by hand. The other watchers go on.
            if (_warned.Add(e.Message))
                logger.LogWarning("Watcher {Watcher} waits for nothing: {Reason} {Hint}", watcher.Name, e.Message, e.Hint);
            return false;
        }
    }
}
