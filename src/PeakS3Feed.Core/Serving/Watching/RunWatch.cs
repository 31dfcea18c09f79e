using System.Collections.Concurrent;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Finds runs that ended, whoever ran them, and runs that take long.</summary>
internal sealed class RunWatch(RunHistory history, DeliveryLog log, RunTeller teller, TimeProvider time)
{
    // A run's end may be written some time after the instant that it names.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    // The place is not written down with each look, for the overlap is longer.
    private static readonly TimeSpan Stride = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _first = time.GetUtcNow();
    private readonly ConcurrentDictionary<Guid, string> _hints = new();
    private HashSet<(Guid Watcher, Guid Run)> _seen = [];

    /// <summary>Keeps the hint of a run's error, which the history does not, until the run is looked at.</summary>
    public void Remember(Guid runId, string hint) => _hints[runId] = hint;

    /// <summary>Makes the messages about runs.</summary>
    /// <returns>When a run that is under way will have taken too long; null when none will.</returns>
    public async Task<DateTimeOffset?> LookAsync(StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        var watchers = definitions.Watchers.Where(w => w.Enabled && w.Events.Any(e => e != WatcherEvent.NothingArrived)).ToList();
        if (watchers.Count == 0)
        {
            _hints.Clear();
            await PassOverAsync(cancellationToken);
            return null;
        }
        await LookAtEndedAsync(watchers, definitions, cancellationToken);
        return await LookAtRunningAsync([.. watchers.Where(w => w.Events.Contains(WatcherEvent.RunsLong))], definitions, cancellationToken);
    }

    private async Task LookAtEndedAsync(List<S3FeedWatcher> watchers, StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = await log.GetRunsCheckedUntilAsync(cancellationToken);
        // Clocks may have been set back.
        var known = (until > now ? now : until) - Overlap;
        watchers = [.. watchers.Select(w => w with { Since = w.Since ?? known ?? _first })];
        var since = watchers.Min(w => w.Since!.Value);
        var seen = new HashSet<(Guid Watcher, Guid Run)>();
        foreach (var run in await history.ListEndedAsync(known > since ? known.Value : since, cancellationToken))
        {
            await teller.TellAsync(run, _hints.GetValueOrDefault(run.Id), watchers.Where(w => !_seen.Contains((w.Id, run.Id))), definitions,
                cancellationToken);
            seen.UnionWith(watchers.Select(w => (w.Id, run.Id)));
            _hints.TryRemove(run.Id, out _);
        }
        _seen = seen;
        if (until is null || until > now || now - until >= Stride)
            await log.SetRunsCheckedUntilAsync(now, cancellationToken);
    }

    // What ends while nobody watches is not told by a watcher that comes later, whoever writes it into the store.
    private async Task PassOverAsync(CancellationToken cancellationToken)
    {
        if (await log.GetRunsCheckedUntilAsync(cancellationToken) is { } until && (until - time.GetUtcNow()).Duration() >= Stride)
            await log.SetRunsCheckedUntilAsync(time.GetUtcNow(), cancellationToken);
    }

    private async Task<DateTimeOffset?> LookAtRunningAsync(List<S3FeedWatcher> watchers, StoreDefinitions definitions,
        CancellationToken cancellationToken)
    {
        if (watchers.Count == 0)
            return null;
        DateTimeOffset? next = null;
        foreach (var run in await history.ListRunningAsync(cancellationToken))
        {
            // Of those that it was told of already nothing is made a second time.
            await teller.TellAsync(run, hint: null, watchers, definitions, cancellationToken);
            if (teller.TooLongAt(run, watchers, definitions) is { } at && !(at >= next))
                next = at;
        }
        return next;
    }
}
