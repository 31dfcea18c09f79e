using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Serving;

/// <summary>What a <see cref="TriggerService"/> is made with.</summary>
public sealed record TriggerServiceOptions
{
    /// <summary>How many feeds are run at a time: 4.</summary>
    public int MostRuns { get; init; } = 4;

    /// <summary>How often the store and the queue are looked at, when nothing is due: 5 seconds. Others may have changed them.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Is told of each run that has ended.</summary>
    public Action<RunResult> OnEnded { get; init; } = _ => { };

    /// <summary>Runs a feed of that name; null for the engine.</summary>
    internal Func<string, RunOptions, CancellationToken, Task<RunResult>>? Run { get; init; }
}
