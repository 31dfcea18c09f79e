using System.Collections.Concurrent;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Finds runs of any process that ended or that take long.</summary>
internal sealed class RunWatch(RunHistory history, DeliveryLog log, RunNotifier notifier, TimeProvider time)
{
    // The end of a run may be recorded some time after the instant that it names.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    // The clock is stored only this often, because the overlap is longer.
    private static readonly TimeSpan StoreInterval = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _first = time.GetUtcNow();
    private readonly ConcurrentDictionary<Guid, string> _hints = new();
    private HashSet<(Guid Watcher, Guid Run)> _seen = [];

    /// <summary>Remembers the hint of a run's error, which the history does not store, until the run is processed.</summary>
    public void Remember(Guid runId, string hint) => _hints[runId] = hint;

    /// <summary>Creates the messages about runs.</summary>
    /// <returns>When a running run next exceeds a watcher's limit, or null.</returns>
    public async Task<DateTimeOffset?> CheckAsync(StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        var watchers = definitions.Watchers.Where(w => w.Enabled && w.Events.Any(e => e != WatcherEvent.NothingArrived)).ToList();
        if (watchers.Count == 0)
        {
            _hints.Clear();
            await SkipAsync(cancellationToken);
            return null;
        }
        await CheckEndedAsync(watchers, definitions, cancellationToken);
        return await CheckRunningAsync([.. watchers.Where(w => w.Events.Contains(WatcherEvent.RunsLong))], definitions, cancellationToken);
    }

    private async Task CheckEndedAsync(List<S3FeedWatcher> watchers, StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = await log.GetRunsCheckedUntilAsync(cancellationToken);
        // The system clock may have been set back.
        var known = (until > now ? now : until) - Overlap;
        watchers = [.. watchers.Select(w => w with { Since = w.Since ?? known ?? _first })];
        var since = watchers.Min(w => w.Since!.Value);
        var seen = new HashSet<(Guid Watcher, Guid Run)>();
        foreach (var run in await history.ListEndedAsync(known > since ? known.Value : since, cancellationToken))
        {
            await notifier.AddMessagesAsync(run, _hints.GetValueOrDefault(run.Id), watchers.Where(w => !_seen.Contains((w.Id, run.Id))), definitions,
                cancellationToken);
            seen.UnionWith(watchers.Select(w => (w.Id, run.Id)));
            _hints.TryRemove(run.Id, out _);
        }
        _seen = seen;
        if (until is null || until > now || now - until >= StoreInterval)
            await log.SetRunsCheckedUntilAsync(now, cancellationToken);
    }

    // Advances the clock while no watcher exists: one that is added later does not notify of runs that ended before.
    private async Task SkipAsync(CancellationToken cancellationToken)
    {
        if (await log.GetRunsCheckedUntilAsync(cancellationToken) is { } until && (until - time.GetUtcNow()).Duration() >= StoreInterval)
            await log.SetRunsCheckedUntilAsync(time.GetUtcNow(), cancellationToken);
    }

    private async Task<DateTimeOffset?> CheckRunningAsync(List<S3FeedWatcher> watchers, StoreDefinitions definitions,
        CancellationToken cancellationToken)
    {
        if (watchers.Count == 0)
            return null;
        DateTimeOffset? next = null;
        foreach (var run in await history.ListRunningAsync(cancellationToken))
        {
            // Messages that exist already are not created again.
            await notifier.AddMessagesAsync(run, hint: null, watchers, definitions, cancellationToken);
            if (notifier.NextLimit(run, watchers, definitions) is { } at && !(at >= next))
                next = at;
        }
        return next;
    }
}
