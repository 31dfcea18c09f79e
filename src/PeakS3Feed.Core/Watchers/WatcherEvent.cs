namespace PeakS3Feed.Watchers;

/// <summary>The events of which a watcher notifies.</summary>
public enum WatcherEvent
{
    /// <summary>A run failed, or its process ended.</summary>
    RunFailed,

    /// <summary>A run loaded rows, possibly with rejects.</summary>
    RunSucceeded,

    /// <summary>A run rejected rows or skipped files, whatever its result.</summary>
    Rejects,

    /// <summary>A run takes longer than the watcher's limit.</summary>
    RunsLong,

    /// <summary>No new object arrived by a time of day.</summary>
    NothingArrived,
}
