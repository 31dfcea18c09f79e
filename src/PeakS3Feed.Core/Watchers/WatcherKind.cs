namespace PeakS3Feed.Watchers;

/// <summary>The way a watcher notifies.</summary>
public enum WatcherKind
{
    /// <summary>By email.</summary>
    Email,

    /// <summary>By a request to a URL.</summary>
    Webhook,
}
