namespace PeakS3Feed.Triggers.Fires;

/// <summary>One time that a trigger was due, or was asked, and what became of it.</summary>
public sealed record S3FeedFire
{
    /// <summary>The fire's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The trigger.</summary>
    public required Guid TriggerId { get; init; }

    /// <summary>The trigger's name then.</summary>
    public required string TriggerName { get; init; }

    /// <summary>The feed.</summary>
    public required Guid FeedId { get; init; }

    /// <summary>Whether it was due by a schedule; else somebody asked for it.</summary>
    public required bool Scheduled { get; init; }

    /// <summary>When it was due, UTC.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>What became of it.</summary>
    public required FireState State { get; init; }

    /// <summary>When that was written down, UTC.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>The run, where there is or will be one.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Why it was not run, or in place of what; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>How many requests this run answers.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>How often the run was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Who runs it: the name of the worker's lock.</summary>
    internal string? Worker { get; init; }
}

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
