using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Serving;

/// <summary>The active runs of a process: up to a limit, one for each feed, and none that conflict. One caller at a time may start runs.</summary>
/// <param name="limit">The maximum number of active runs.</param>
/// <param name="conflicts">Which runs exclude each other.</param>
/// <param name="logger">Its scope names the feed (<see cref="FeedLogScope"/>) where several runs may write to one log.</param>
internal sealed class RunSlots(int limit, RunConflicts conflicts, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly List<Active> _active = [];

    /// <summary>The feeds whose runs are active.</summary>
    public IReadOnlyCollection<Guid> Feeds => [.. Current().Select(a => a.Targets.FeedId)];

    /// <summary>Whether no further run may start.</summary>
    public bool AreFull => Current().Length >= limit;

    /// <summary>Whether a run of the feed is active.</summary>
    public bool Contains(Guid feed) => Array.Exists(Current(), a => a.Targets.FeedId == feed);

    /// <summary>Whether a run may start: there is room, and no active run excludes it.</summary>
    public bool MayStart(RunTargets targets) => !AreFull && !Array.Exists(Current(), a => conflicts.Exist(a.Targets, targets));

    /// <summary>Starts a run on the thread pool.</summary>
    /// <param name="targets">The feed and what the run writes to.</param>
    /// <param name="run">The run, with the recording of its end. It must not throw.</param>
    public void Start(RunTargets targets, Func<Task> run)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var active = new Active(targets, ended.Task);
        lock (_lock)
            _active.Add(active);
        _ = Task.Run(
            async () =>
            {
                using var scope = limit > 1 ? logger.BeginScope(new FeedLogScope(targets.FeedName)) : null;
                try
                {
                    await run();
                }
                finally
                {
                    lock (_lock)
                        _active.Remove(active);
                    ended.SetResult();
                }
            },
            CancellationToken.None);
    }

    /// <summary>Completes when all runs have ended that are active now.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(Current().Select(a => a.Ended));

    /// <summary>Completes when one of the runs has ended that are active now; at once if none is active.</summary>
    public Task WhenOneEndedAsync() => Current() is { Length: > 0 } active ? Task.WhenAny(active.Select(a => a.Ended)) : Task.CompletedTask;

    private Active[] Current()
    {
        lock (_lock)
            return [.. _active];
    }

    private sealed class Active(RunTargets targets, Task ended)
    {
        public RunTargets Targets { get; } = targets;

        public Task Ended { get; } = ended;
    }
}
