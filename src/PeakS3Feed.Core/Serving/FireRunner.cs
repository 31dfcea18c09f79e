using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>Runs the fires that are queued, each feed by itself and several feeds at a time.</summary>
internal sealed class FireRunner(FireRunnerParts parts) : IDisposable
{
    /// <summary>How often a fire is begun whose process ends.</summary>
    public const int MaxAttempts = 5;

    // A feed that somebody else is running: when to look again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly WorkerPresence _presence = WorkerPresence.Enter(parts.StateDirectory);
    private readonly ConcurrentDictionary<Guid, Task> _running = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _notBefore = new();
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>Feeds that are being run by this process.</summary>
    public IReadOnlyCollection<Guid> Running => [.. _running.Keys];

    /// <summary>Starts what is queued, as far as there is room for it.</summary>
    /// <param name="stopping">Starts nothing more.</param>
    /// <param name="aborting">Stops the runs.</param>
    public async Task StartQueuedAsync(CancellationToken stopping, CancellationToken aborting)
    {
        foreach (var fire in await parts.Log.ListQueuedAsync(stopping))
        {
            if (_running.Count >= parts.MaxRuns)
                return;
            if (_running.ContainsKey(fire.FeedId) || IsPaused(fire.FeedId))
                continue;
            if (await DemandAsync(fire, stopping) is { } feed && await parts.Log.StartAsync(fire.Id, _presence.Name, stopping))
                Begin(fire with { State = FireState.Started, Worker = _presence.Name, Attempts = fire.Attempts + 1 }, feed, aborting);
        }
    }

    /// <summary>Ends when all runs have that were under way.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_running.Values);

    /// <summary>Ends when one of the runs has that are under way, or after some time; at once when there is none.</summary>
    public async Task WhenOneEndedAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        if (_running.IsEmpty)
            return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny([.. _running.Values, Task.Delay(most, parts.Time, ended.Token)]);
        await ended.CancelAsync();
    }

    /// <summary>
    /// Queues again what a worker had started that is there no more. After some times the fire has ended, so that a run that kills its process is
    /// not begun for ever.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var fire in await parts.Log.ListStartedAsync(cancellationToken))
        {
            // Ours that we do not run: its end could not be written down.
            if (fire.Worker == _presence.Name ? _running.ContainsKey(fire.FeedId) : !IsGone(fire))
                continue;
            if (fire.Attempts < MaxAttempts)
                await parts.Log.RequeueAsync(fire, Guid.NewGuid(), counts: true, cancellationToken);
            else
                await parts.Log.EndAsync(fire, FireState.Ended, $"the process of its run ended {MaxAttempts} times", cancellationToken);
        }
    }

    public void Dispose() => _presence.Dispose();

    private bool IsGone(S3FeedFire fire)
    {
        try
        {
            return WorkerPresence.IsGone(parts.StateDirectory, fire.Worker!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_warned.Add(fire.Worker!))
                parts.Logger.LogWarning("Whether the run of trigger {Trigger} goes on cannot be seen, for its worker uses another account: {Reason} All that use a store must use one.", fire.TriggerName, e.Message);
            return false;
        }
    }

    // Also when the clock was set back meanwhile.
    private bool IsPaused(Guid feed)
        => _notBefore.TryGetValue(feed, out var until) && until - parts.Time.GetUtcNow() is var left && left > TimeSpan.Zero && left <= Pause;

    // The feed, if it is to be run; else the fire has come to its end. A request was promised its run, whatever has become of its trigger.
    private async Task<S3Feed?> DemandAsync(S3FeedFire fire, CancellationToken cancellationToken)
    {
        var definitions = await parts.Store.ReadAsync(cancellationToken);
        var feed = definitions.FindFeed(fire.FeedId);
        var trigger = definitions.FindTrigger(fire.TriggerId);
        (FireState State, string Why)? not = (feed, trigger) switch
        {
            (null, _) => (FireState.Skipped, "the feed was removed"),
            ({ Enabled: false }, _) => (FireState.Skipped, "the feed is disabled"),
            _ when !fire.Scheduled => null,
            (_, null) => (FireState.Skipped, "the trigger was removed"),
            (_, { Enabled: false }) => (FireState.Skipped, "the trigger is disabled"),
            (_, { Misfire: MisfireAction.Skip }) when parts.Time.GetUtcNow() - fire.DueAt > DueFires.Grace => (FireState.Missed,
                "nothing had room to run it when it was due"),
            _ => null,
        };
        if (not is not var (state, why))
            return feed;
        await parts.Log.EndAsync(fire, state, why, cancellationToken);
        return null;
    }

    private void Begin(S3FeedFire fire, S3Feed feed, CancellationToken stopping)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[fire.FeedId] = done.Task;
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await RunAsync(fire, feed, stopping);
                }
                catch (Exception e)
                {
                    // The log cannot be written. The next look finds that nobody runs it.
                    parts.Logger.LogError("The fire of trigger {Trigger} could not be written down: {Reason}", fire.TriggerName, e.Message);
                }
                finally
                {
                    _running.TryRemove(fire.FeedId, out _);
                    done.SetResult();
                }
            },
            CancellationToken.None);
    }

    private async Task RunAsync(S3FeedFire fire, S3Feed feed, CancellationToken stopping)
    {
        try
        {
            var result = await parts.Run(feed.Name, new RunOptions { RunId = fire.RunId }, stopping);
            // A run that was cut short because we stop is made again by whoever comes after us.
            if (result.Run.Status == RunStatus.Canceled && stopping.IsCancellationRequested)
                await parts.Log.RequeueAsync(fire, Guid.NewGuid(), counts: false, CancellationToken.None);
            else
                await parts.Log.EndAsync(fire, FireState.Ended, reason: null, CancellationToken.None);
            parts.OnEnded(result);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It had not begun.
            await parts.Log.RequeueAsync(fire, newRunId: null, counts: false, CancellationToken.None);
        }
        catch (FeedException e) when (e.Id == "FeedNotFound" || (e.Id == "FeedAlreadyRunning" && !fire.Scheduled))
        {
            // It has another name since we looked; or its run may have looked before what was announced to us had arrived.
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

/// <summary>What a <see cref="FireRunner"/> works with.</summary>
internal sealed record FireRunnerParts
{
    /// <summary>The fires.</summary>
    public required FireLog Log { get; init; }

    /// <summary>The definitions.</summary>
    public required DefinitionStore Store { get; init; }

    /// <summary>The folder of locks.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Runs a feed of that name.</summary>
    public required Func<string, RunOptions, CancellationToken, Task<RunResult>> Run { get; init; }

    /// <summary>Writes down a run of that id that could not begin.</summary>
    public required Func<S3Feed, Guid, Exception, Task<RunResult>> Failed { get; init; }

    /// <summary>Receives each run that has ended.</summary>
    public Action<RunResult> OnEnded { get; init; } = _ => { };

    /// <summary>How many feeds are run at a time.</summary>
    public int MaxRuns { get; init; } = 4;

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Is told of trouble.</summary>
    public required ILogger Logger { get; init; }
}
