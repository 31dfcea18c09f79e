namespace PeakS3Feed.Bench.Suite;

/// <summary>One program of a contest, and the steps before and after it.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Row">The row whose peer it is; null for PeakS3Feed.</param>
/// <param name="Command">The command that is timed.</param>
internal sealed record Contestant(string Name, string? Row, Command Command)
{
    /// <summary>The steps before each run, which are not timed.</summary>
    public Func<Task> PrepareAsync { get; init; } = () => Task.CompletedTask;

    /// <summary>Returns the hash of the last run's result, from its output or from the database; null if there is nothing to compare.</summary>
    public Func<Measurement, Task<string?>> HashAsync { get; init; } = _ => Task.FromResult<string?>(null);

    /// <summary>Returns what was counted in the last run, by the names in the report; null if nothing is counted.</summary>
    public Func<IReadOnlyDictionary<string, long>>? Counts { get; init; }
}
