namespace PeakS3Feed.Triggers.Fires;

/// <summary>What became of a fire.</summary>
public enum FireState
{
    /// <summary>The feed is to be run.</summary>
    Queued,

    /// <summary>The feed is being run.</summary>
    Started,

    /// <summary>The run has ended, however it did.</summary>
    Ended,

    /// <summary>Not run, for the feed was running already or could not be run.</summary>
    Skipped,

    /// <summary>Not run, for nothing was there to run it when it was due.</summary>
    Missed,
}
