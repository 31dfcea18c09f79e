using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Decides which watchers a run concerns, and of which events they notify.</summary>
internal sealed class RunNotifier(RunHistory history, DeliveryLog log, DeliveryFactory deliveries, TimeProvider time)
{
    private const int ShownRejects = 5;

    // The most serious event first.
    private static readonly WatcherEvent[] Ends = [WatcherEvent.RunFailed, WatcherEvent.Rejects, WatcherEvent.RunSucceeded];

    /// <summary>Creates the messages about a run that do not exist yet.</summary>
    /// <param name="run">The run, ended or running.</param>
    /// <param name="hint">The hint of its error, or null.</param>
    /// <param name="watchers">The watchers to consider, also those of other feeds.</param>
    /// <param name="definitions">The definitions, to find the feeds of watchers.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The ids of new messages.</returns>
    public async Task<IReadOnlyList<Guid>> AddMessagesAsync(
        S3FeedRun run, string? hint, IEnumerable<S3FeedWatcher> watchers, StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        var due = watchers.Where(w => Watches(w, run, definitions)).SelectMany(w => Events(w, run).Select(e => (Watcher: w, Event: e))).ToList();
        if (due.Count == 0)
            return [];
        var rejects = run.RowsRejected == 0 ? []
            : await history.ListRejectsAsync(run.Id, cancellationToken).Take(ShownRejects).Select(WatchedReject.From).ToListAsync(cancellationToken);
        return await log.AddAsync([.. due.Select(d => deliveries.ForRun(d.Watcher, d.Event, run, hint, rejects))], cancellationToken);
    }

    /// <summary>Returns when a running run next exceeds a watcher's limit; null if it exceeds none in the future.</summary>
    public DateTimeOffset? NextLimit(S3FeedRun run, IEnumerable<S3FeedWatcher> watchers, StoreDefinitions definitions)
    {
        var now = time.GetUtcNow();
        return watchers.Where(w => w.LongerThan is not null
            && Watches(w, run, definitions)).Select(w => run.StartedAt + w.LongerThan).Where(at => at > now).Min();
    }

    // Compares ids, because the feed may have been renamed since.
    private static bool Watches(S3FeedWatcher watcher, S3FeedRun run, StoreDefinitions definitions)
        => watcher.WatchesAll || definitions.FindFeed(watcher.FeedName)?.Id == run.FeedId;

    private IEnumerable<WatcherEvent> Events(S3FeedWatcher watcher, S3FeedRun run)
    {
        // The person who stopped a run knows about it.
        if (run.Status == RunStatus.Canceled)
            yield break;
        if (TookLong(watcher, run))
            yield return WatcherEvent.RunsLong;
        if (run.EndedAt is null || IsOld(watcher, run.EndedAt.Value))
            yield break;
        // One message for each end of a run, because each has all counts and rejects.
        foreach (var end in Ends.Where(e => watcher.Events.Contains(e) && EndedWith(run, e)).Take(1))
            yield return end;
    }

    private static bool EndedWith(S3FeedRun run, WatcherEvent end) => end switch
    {
        WatcherEvent.RunFailed => run.Status == RunStatus.Failed,
        WatcherEvent.Rejects => run.RowsRejected > 0 || run.ObjectsFailed > 0,
        _ => run.Status is RunStatus.Succeeded or RunStatus.SucceededWithRejects,
    };

    // The duration of a run whose process ended is unknown.
    private bool TookLong(S3FeedWatcher watcher, S3FeedRun run)
        => watcher.Events.Contains(WatcherEvent.RunsLong) && watcher.LongerThan is { } limit && run.ErrorId != RunErrors.ProcessEnded
            && (run.EndedAt ?? time.GetUtcNow()) - run.StartedAt >= limit && !IsOld(watcher, run.StartedAt + limit)
            // Deliveries are deleted after this time, so an older event could be notified a second time.
            && time.GetUtcNow() - (run.StartedAt + limit) < RunRetention.MaxAge;

    // A future Since means that the system clock was ahead when the watcher was created; it is ignored.
    private bool IsOld(S3FeedWatcher watcher, DateTimeOffset at) => at <= watcher.Since && watcher.Since <= time.GetUtcNow();
}
