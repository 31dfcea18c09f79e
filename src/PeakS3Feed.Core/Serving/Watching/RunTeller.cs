using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Decides which watchers are told of a run, and of what.</summary>
internal sealed class RunTeller(RunHistory history, DeliveryLog log, DeliveryMaker maker, TimeProvider time)
{
    private const int ShownRejects = 5;

    // The worst first.
    private static readonly WatcherEvent[] Ends = [WatcherEvent.RunFailed, WatcherEvent.Rejects, WatcherEvent.RunSucceeded];

    /// <summary>Makes the messages about a run that do not exist yet.</summary>
    /// <param name="run">The run, ended or under way.</param>
    /// <param name="hint">The hint of its error, or null.</param>
    /// <param name="watchers">The watchers that may be told, whatever they watch.</param>
    /// <param name="definitions">The feeds that they name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The ids of new messages.</returns>
    public async Task<IReadOnlyList<Guid>> TellAsync(
        S3FeedRun run, string? hint, IEnumerable<S3FeedWatcher> watchers, StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        var told = watchers.Where(w => Watches(w, run, definitions)).SelectMany(w => Events(w, run).Select(e => (Watcher: w, Event: e))).ToList();
        if (told.Count == 0)
            return [];
        var rejects = run.RowsRejected == 0 ? [] : await history.ListRejectsAsync(run.Id, cancellationToken).Take(ShownRejects).Select(WatchedReject.From).ToListAsync(cancellationToken);
        return await log.AddAsync([.. told.Select(t => maker.OfRun(t.Watcher, t.Event, run, hint, rejects))], cancellationToken);
    }

    /// <summary>When a run that is under way will have taken longer than a watcher has it; null when that is over, or nobody cares.</summary>
    public DateTimeOffset? TooLongAt(S3FeedRun run, IEnumerable<S3FeedWatcher> watchers, StoreDefinitions definitions)
    {
        var now = time.GetUtcNow();
        return watchers.Where(w => w.LongerThan is not null
            && Watches(w, run, definitions)).Select(w => run.StartedAt + w.LongerThan).Where(at => at > now).Min();
    }

    // By the feed's id, for it may have another name by now.
    private static bool Watches(S3FeedWatcher watcher, S3FeedRun run, StoreDefinitions definitions)
        => watcher.WatchesAll || definitions.FindFeed(watcher.FeedName)?.Id == run.FeedId;

    private IEnumerable<WatcherEvent> Events(S3FeedWatcher watcher, S3FeedRun run)
    {
        // Whoever stopped it knows.
        if (run.Status == RunStatus.Canceled)
            yield break;
        if (TookLong(watcher, run))
            yield return WatcherEvent.RunsLong;
        if (run.EndedAt is null || IsOld(watcher, run.EndedAt.Value))
            yield break;
        // An end is told once, for each of these messages has all the counts and rejects.
        foreach (var end in Ends.Where(e => watcher.Events.Contains(e) && CameTo(run, e)).Take(1))
            yield return end;
    }

    private static bool CameTo(S3FeedRun run, WatcherEvent end) => end switch
    {
        WatcherEvent.RunFailed => run.Status == RunStatus.Failed,
        WatcherEvent.Rejects => run.RowsRejected > 0 || run.ObjectsFailed > 0,
        _ => run.Status is RunStatus.Succeeded or RunStatus.SucceededWithRejects,
    };

    // Of a run whose process ended nobody knows how long it took.
    private bool TookLong(S3FeedWatcher watcher, S3FeedRun run)
        => watcher.Events.Contains(WatcherEvent.RunsLong) && watcher.LongerThan is { } limit && run.ErrorId != RunErrors.ProcessEnded
            && (run.EndedAt ?? time.GetUtcNow()) - run.StartedAt >= limit && !IsOld(watcher, run.StartedAt + limit)
            // What was told is known for no longer.
            && time.GetUtcNow() - (run.StartedAt + limit) < RunRetention.Kept;

    // A watcher from a time to come was made while the clock was ahead.
    private bool IsOld(S3FeedWatcher watcher, DateTimeOffset at) => at <= watcher.Since && watcher.Since <= time.GetUtcNow();
}
