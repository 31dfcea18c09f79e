namespace PeakS3Feed.Serving;

/// <summary>Whether a test message of a watcher was taken.</summary>
/// <param name="WatcherName">The watcher.</param>
/// <param name="Target">The server that was asked to take it.</param>
/// <param name="Passed">Whether it did.</param>
/// <param name="Message">What happened, in a sentence.</param>
public sealed record WatcherCheck(string WatcherName, string Target, bool Passed, string Message)
{
    /// <summary>How to mend it, or null.</summary>
    public string? Hint { get; init; }
}
