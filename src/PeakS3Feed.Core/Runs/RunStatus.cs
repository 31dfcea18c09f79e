namespace PeakS3Feed.Runs;

/// <summary>How a run stands.</summary>
public enum RunStatus
{
    /// <summary>Under way.</summary>
    Running,

    /// <summary>All that was planned is loaded.</summary>
    Succeeded,

    /// <summary>There was nothing new.</summary>
    NothingToDo,

    /// <summary>Loaded, but for rejects within the threshold or files that were skipped.</summary>
    SucceededWithRejects,

    /// <summary>Stopped by an error. Commits made before it stay.</summary>
    Failed,

    /// <summary>Stopped on request. Commits made before it stay.</summary>
    Canceled,

    /// <summary>Nothing was loaded, since no object matches a feed that has never loaded one. A warning says what there is instead.</summary>
    NothingMatched,
}
