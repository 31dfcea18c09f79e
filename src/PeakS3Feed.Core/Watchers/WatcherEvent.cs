namespace PeakS3Feed.Watchers;

/// <summary>What a watcher tells of.</summary>
public enum WatcherEvent
{
    /// <summary>A run failed, or its process ended.</summary>
    RunFailed,

    /// <summary>A run loaded something, perhaps with rejects.</summary>
    RunSucceeded,

    /// <summary>A run found rows that could not be loaded, or left files out; whatever became of it.</summary>
    Rejects,

    /// <summary>A run takes longer than the watcher's limit.</summary>
    RunsLong,

    /// <summary>No new object came by a time of day.</summary>
    NothingArrived,
}
