namespace PeakS3Feed.Runs;

/// <summary>The status of a run.</summary>
public enum RunStatus
{
    /// <summary>The run has started and not ended.</summary>
    Running,

    /// <summary>All planned objects are loaded.</summary>
    Succeeded,

    /// <summary>There was nothing new.</summary>
    NothingToDo,

    /// <summary>Loaded, except for rejects within the threshold or skipped files.</summary>
    SucceededWithRejects,

    /// <summary>An error stopped the run. Earlier commits stay.</summary>
    Failed,

    /// <summary>The run stopped on request. Earlier commits stay.</summary>
    Canceled,

    /// <summary>Nothing was loaded: no object matches, and the feed has never loaded one. A warning says which objects there are instead.</summary>
    NothingMatched,
}
