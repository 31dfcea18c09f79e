namespace PeakS3Feed.Testing;

/// <summary>Limits on waiting. Tests wait for events; a limit only turns a hang into a failure, so it is far above what a slow machine needs.</summary>
public static class TestLimits
{
    /// <summary>How long a test waits for an event before the test fails as hung.</summary>
    public static TimeSpan Hang { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Waits for something that raises no event, such as a file or a row that another process writes.</summary>
    /// <param name="condition">Whether it is there.</param>
    /// <param name="what">What is awaited, for the failure.</param>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var end = Environment.TickCount64 + (long)Hang.TotalMilliseconds;
        while (!await condition())
        {
            if (Environment.TickCount64 > end)
                throw new TimeoutException($"After {Hang.TotalMinutes} minutes there is still no {what}.");
            await Task.Delay(10);
        }
    }
}
