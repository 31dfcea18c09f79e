namespace PeakS3Feed.Bench.Suite;

/// <summary>One side of a row: a program, and what goes before and after.</summary>
/// <param name="Name">As it stands in the report.</param>
/// <param name="Row">The row that it is the peer of; null for ourselves.</param>
/// <param name="Command">What is timed.</param>
internal sealed record Contestant(string Name, string? Row, Command Command)
{
    /// <summary>What is done before each run, untimed.</summary>
    public Func<Task> PrepareAsync { get; init; } = () => Task.CompletedTask;

    /// <summary>Gives the hash of what the last run brought, from its output or from a look; null where there is nothing to compare.</summary>
    public Func<Measurement, Task<string?>> HashAsync { get; init; } = _ => Task.FromResult<string?>(null);
}
