namespace PeakS3Feed.Watchers;

/// <summary>How a watcher tells.</summary>
public enum WatcherKind
{
    /// <summary>By email.</summary>
    Email,

    /// <summary>By a request to a URL.</summary>
    Webhook,
}
