using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Serving;

/// <summary>Runs the fires that are queued, each feed by itself and several feeds at a time.</summary>
internal sealed class FireRunner(FireRunnerParts parts) : IDisposable
{
    /// <summary>How often a fire is begun whose process ends.</summary>
    public const int MostAttempts = 5;

    // A feed that somebody else is running: when to look again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly WorkerPresence _presence = WorkerPresence.Enter(parts.StateDirectory);
    private readonly ConcurrentDictionary<Guid, Task> _running = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _notBefore = new();

    /// <summary>Feeds that are being run by this process.</summary>
    public IReadOnlyCollection<Guid> Running => [.. _running.Keys];

    /// <summary>Starts what is queued, as far as there is room for it.</summary>
    /// <param name="stopping">Starts nothing more.</param>
    /// <param name="aborting">Stops the runs.</param>
    public async Task StartQueuedAsync(CancellationToken stopping, CancellationToken aborting)
    {
        foreach (var fire in await parts.Log.ListQueuedAsync(stopping))
        {
            if (_running.Count >= parts.MostRuns)
                return;
            if (_running.ContainsKey(fire.FeedId) || (_notBefore.TryGetValue(fire.FeedId, out var notBefore) && parts.Time.GetUtcNow() < notBefore))
                continue;
            if (await DemandAsync(fire, stopping) is { } feed && await parts.Log.StartAsync(fire.Id, _presence.Name, stopping))
                Begin(fire with { State = FireState.Started, Worker = _presence.Name, Attempts = fire.Attempts + 1 }, feed, aborting);
        }
    }

    /// <summary>Ends when all runs have that were under way.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_running.Values);

    /// <summary>Ends when one of the runs has that are under way; at once when there is none.</summary>
    public Task WhenOneEndedAsync() => _running.IsEmpty ? Task.CompletedTask : Task.WhenAny(_running.Values);

    /// <summary>Queues again what a worker had started that is there no more. After some times the fire has ended, so that a run that kills its process is not begun for ever.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var fire in await parts.Log.ListStartedAsync(cancellationToken))
        {
            if (fire.Worker == _presence.Name || !WorkerPresence.IsGone(parts.StateDirectory, fire.Worker!))
                continue;
            if (fire.Attempts < MostAttempts)
                await parts.Log.RequeueAsync(fire, Guid.NewGuid(), cancellationToken);
            else
                await parts.Log.EndAsync(fire, FireState.Ended, $"the process of its run ended {MostAttempts} times", cancellationToken);
        }
    }

    public void Dispose() => _presence.Dispose();

    // The feed, if it is to be run; else the fire has come to its end.
    private async Task<S3Feed?> DemandAsync(S3FeedFire fire, CancellationToken cancellationToken)
    {
        var definitions = await parts.Store.ReadAsync(cancellationToken);
        var feed = definitions.FindFeed(fire.FeedId);
        var trigger = definitions.FindTrigger(fire.TriggerId);
        (FireState State, string Why)? not = (feed, trigger) switch
        {
            (null, _) => (FireState.Skipped, "the feed was removed"),
            (_, null) => (FireState.Skipped, "the trigger was removed"),
            ({ Enabled: false }, _) => (FireState.Skipped, "the feed is disabled"),
            (_, { Enabled: false }) => (FireState.Skipped, "the trigger is disabled"),
            (_, { Misfire: MisfireAction.Skip }) when fire.Scheduled && parts.Time.GetUtcNow() - fire.DueAt > DueFires.Grace => (FireState.Missed, "nothing ran when it was due"),
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
                    // The log cannot be written. Whoever looks after fires finds this one once we are gone.
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
                await parts.Log.RequeueAsync(fire, Guid.NewGuid(), CancellationToken.None);
            else
                await parts.Log.EndAsync(fire, FireState.Ended, reason: null, CancellationToken.None);
            parts.OnEnded(result);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It had not begun.
            await parts.Log.RequeueAsync(fire, newRunId: null, CancellationToken.None);
        }
        catch (FeedException e) when (e.Id == "FeedAlreadyRunning" && !fire.Scheduled)
        {
            // That run may have looked before what was announced to us had arrived.
            _notBefore[fire.FeedId] = parts.Time.GetUtcNow() + Pause;
            await parts.Log.RequeueAsync(fire, newRunId: null, CancellationToken.None);
        }
        catch (FeedException e) when (e.Id is "FeedAlreadyRunning" or "FeedDisabled" or "FeedNotFound")
        {
            await parts.Log.EndAsync(fire, FireState.Skipped, e.Message.TrimEnd('.'), CancellationToken.None);
        }
        catch (Exception e)
        {
            parts.Logger.LogError("Feed {Feed} could not be run: {Reason}", feed.Name, e.Message);
            await parts.Log.EndAsync(fire, FireState.Ended, e.Message.TrimEnd('.'), CancellationToken.None);
        }
    }
}
