using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>Runs queued fires: several feeds at a time, and one fire of each feed at a time.</summary>
internal sealed class FireRunner(FireRunnerParts parts) : IDisposable
{
    /// <summary>The maximum number of attempts for a fire whose process ends during the run.</summary>
    public const int MaxAttempts = 5;

    // The wait before another attempt for a feed that another process is running.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly WorkerPresence _presence = WorkerPresence.Create(parts.StateDirectory);
    private readonly RunSlots _slots = new(parts.MaxRuns, parts.Conflicts, parts.Logger);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _notBefore = new();
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>The feeds that this process is running.</summary>
    public IReadOnlyCollection<Guid> Running => _slots.Feeds;

    /// <summary>Starts queued fires, up to the limit of runs.</summary>
    /// <param name="stopping">Stops starting fires.</param>
    /// <param name="aborting">Stops the runs that were started.</param>
    public async Task StartQueuedAsync(CancellationToken stopping, CancellationToken aborting)
    {
        foreach (var fire in await parts.Log.ListQueuedAsync(stopping))
        {
            if (_slots.AreFull)
                return;
            if (_slots.Contains(fire.FeedId) || IsPaused(fire.FeedId))
                continue;
            var definitions = await parts.Store.ReadAsync(stopping);
            if (await ResolveFeedAsync(fire, definitions, stopping) is not { } feed)
                continue;
            var targets = RunTargets.From(definitions, feed, parts.Kinds);
            if (_slots.MayStart(targets) && await parts.Log.StartAsync(fire.Id, _presence.Name, stopping))
                StartRun(fire with { State = FireState.Started, Worker = _presence.Name, Attempts = fire.Attempts + 1 }, feed, targets, aborting);
        }
    }

    /// <summary>Completes when all runs have ended that are active now.</summary>
    public Task WhenIdleAsync() => _slots.WhenIdleAsync();

    /// <summary>Completes when one of the active runs has ended, or after <paramref name="limit"/>; at once if no run is active.</summary>
    public async Task WhenOneEndedAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var one = _slots.WhenOneEndedAsync();
        if (one.IsCompleted)
            return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(one, Task.Delay(limit, parts.Time, ended.Token));
        await ended.CancelAsync();
    }

    /// <summary>
    /// Queues fires again whose workers no longer exist. Ends a fire after <see cref="MaxAttempts"/>, so that a run that kills its process does not
    /// repeat for ever.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var fire in await parts.Log.ListStartedAsync(cancellationToken))
        {
            // A fire of this worker that is not running: recording its end failed.
            if (fire.Worker == _presence.Name ? _slots.Contains(fire.FeedId) : !HasWorkerEnded(fire))
                continue;
            if (fire.Attempts < MaxAttempts)
                await parts.Log.RequeueAsync(fire, Guid.NewGuid(), counts: true, cancellationToken);
            else
                await parts.Log.EndAsync(fire, FireState.Ended, $"the process of its run ended {MaxAttempts} times", cancellationToken);
        }
    }

    public void Dispose() => _presence.Dispose();

    private bool HasWorkerEnded(S3FeedFire fire)
    {
        try
        {
            return WorkerPresence.HasEnded(parts.StateDirectory, fire.Worker!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_warned.Add(fire.Worker!))
                parts.Logger.LogWarning(
                    "Whether the run of trigger {Trigger} is still active is unknown, because its worker uses another account: {Reason} "
                    + "All workers of a store must use one account.", fire.TriggerName, e.Message);
            return false;
        }
    }

    // The upper limit matters if the system clock was set back in between.
    private bool IsPaused(Guid feed)
        => _notBefore.TryGetValue(feed, out var until) && until - parts.Time.GetUtcNow() is var left && left > TimeSpan.Zero && left <= Pause;

    // Returns the feed; or ends the fire and returns null. A webhook request runs even if its trigger has changed, because its run was promised.
    private async Task<S3Feed?> ResolveFeedAsync(S3FeedFire fire, StoreDefinitions definitions, CancellationToken cancellationToken)
    {
        var feed = definitions.FindFeed(fire.FeedId);
        var trigger = definitions.FindTrigger(fire.TriggerId);
        (FireState State, string Reason)? refusal = (feed, trigger) switch
        {
            (null, _) => (FireState.Skipped, "the feed was removed"),
            ({ Enabled: false }, _) => (FireState.Skipped, "the feed is disabled"),
            _ when !fire.Scheduled => null,
            (_, null) => (FireState.Skipped, "the trigger was removed"),
            (_, { Enabled: false }) => (FireState.Skipped, "the trigger is disabled"),
            (_, { Misfire: MisfireAction.Skip }) when parts.Time.GetUtcNow() - fire.DueAt > DueFires.Grace => (FireState.Missed,
                "all workers were busy when it was due"),
            _ => null,
        };
        if (refusal is not var (state, reason))
            return feed;
        await parts.Log.EndAsync(fire, state, reason, cancellationToken);
        return null;
    }

    private void StartRun(S3FeedFire fire, S3Feed feed, RunTargets targets, CancellationToken stopping) => _slots.Start(targets, async () =>
    {
        try
        {
            await RunAsync(fire, feed, stopping);
        }
        catch (Exception e)
        {
            // The log cannot be written. The next tick finds a started fire that nobody runs.
            parts.Logger.LogError("The end of a fire of trigger {Trigger} could not be recorded: {Reason}", fire.TriggerName, e.Message);
        }
    });

    private async Task RunAsync(S3FeedFire fire, S3Feed feed, CancellationToken stopping)
    {
        try
        {
            var result = await parts.Run(feed.Name, new RunOptions { RunId = fire.RunId }, stopping);
            // The stop of this worker canceled the run, so another worker repeats it.
            if (result.Run.Status == RunStatus.Canceled && stopping.IsCancellationRequested)
                await parts.Log.RequeueAsync(fire, Guid.NewGuid(), counts: false, CancellationToken.None);
            else
                await parts.Log.EndAsync(fire, FireState.Ended, reason: null, CancellationToken.None);
            parts.OnEnded(result);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run had not started.
            await parts.Log.RequeueAsync(fire, newRunId: null, counts: false, CancellationToken.None);
        }
        catch (FeedException e) when (e.Id == "FeedNotFound" || (e.Id == "FeedAlreadyRunning" && !fire.Scheduled))
        {
            // The feed was renamed in between; or another run of it is active, which may have listed before the announced object arrived.
            _notBefore[fire.FeedId] = parts.Time.GetUtcNow() + Pause;
            await parts.Log.RequeueAsync(fire, newRunId: null, counts: false, CancellationToken.None);
        }
        catch (FeedException e) when (e.Id is "FeedAlreadyRunning" or "FeedDisabled")
        {
            await parts.Log.EndAsync(fire, FireState.Skipped, e.Message.TrimEnd('.'), CancellationToken.None);
        }
        catch (Exception e)
        {
            parts.Logger.LogError("Feed {Feed} could not be run: {Reason}", feed.Name, e.Message);
            await parts.Log.EndAsync(fire, FireState.Ended, e.Message.TrimEnd('.'), CancellationToken.None);
            parts.OnEnded(await parts.Failed(feed, fire.RunId!.Value, e));
        }
    }
}

/// <summary>The dependencies of a <see cref="FireRunner"/>.</summary>
internal sealed record FireRunnerParts
{
    /// <summary>The log of fires.</summary>
    public required FireLog Log { get; init; }

    /// <summary>The definitions.</summary>
    public required DefinitionStore Store { get; init; }

    /// <summary>The kinds of destination.</summary>
    public required DestinationKinds Kinds { get; init; }

    /// <summary>Which runs exclude each other.</summary>
    public required RunConflicts Conflicts { get; init; }

    /// <summary>The folder of the lock files.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Runs the feed with this name.</summary>
    public required Func<string, RunOptions, CancellationToken, Task<RunResult>> Run { get; init; }

    /// <summary>Records a failed run with this id, for a run that could not start.</summary>
    public required Func<S3Feed, Guid, Exception, Task<RunResult>> Failed { get; init; }

    /// <summary>Is called with the result of each run.</summary>
    public Action<RunResult> OnEnded { get; init; } = _ => { };

    /// <summary>The maximum number of feeds that run at a time.</summary>
    public required int MaxRuns { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Logs failures.</summary>
    public required ILogger Logger { get; init; }
}
