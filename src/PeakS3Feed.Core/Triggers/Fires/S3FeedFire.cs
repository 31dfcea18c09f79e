namespace PeakS3Feed.Triggers.Fires;

/// <summary>One occurrence of a trigger that became due, or one request, and its state.</summary>
public sealed record S3FeedFire
{
    /// <summary>The fire's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The trigger.</summary>
    public required Guid TriggerId { get; init; }

    /// <summary>The trigger's name at that time.</summary>
    public required string TriggerName { get; init; }

    /// <summary>The feed.</summary>
    public required Guid FeedId { get; init; }

    /// <summary>Whether a schedule made it due; otherwise a request.</summary>
    public required bool Scheduled { get; init; }

    /// <summary>When it was due, in UTC.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The state.</summary>
    public required FireState State { get; init; }

    /// <summary>When the state was recorded, in UTC.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>The id of the run, or null.</summary>
    public Guid? RunId { get; init; }

    /// <summary>The reason why the fire did not run or replaces others; null if there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>The number of requests that the run answers.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>The number of times that the run was started.</summary>
    public int Attempts { get; init; }

    /// <summary>The worker that runs it: the name of its lock file.</summary>
    internal string? Worker { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id.ToString();
}

/// <summary>The state of a fire.</summary>
public enum FireState
{
    /// <summary>The run is pending.</summary>
    Queued,

    /// <summary>The run is active.</summary>
    Started,

    /// <summary>The run has ended, with any result.</summary>
    Ended,

    /// <summary>Not run: the feed was already running, or could not run.</summary>
    Skipped,

    /// <summary>Not run: no process could start it when it was due.</summary>
    Missed,
}
