using PeakS3Feed.Errors;

namespace PeakS3Feed.Runs;

/// <summary>One execution of a feed.</summary>
public sealed record S3FeedRun
{
    /// <summary>The most warnings that <see cref="Warnings"/> lists: 100.</summary>
    public const int MaxListedWarnings = 100;

    /// <summary>The run's id; also in the audit column of the rows it loaded.</summary>
    public required Guid Id { get; init; }

    /// <summary>The feed.</summary>
    public required Guid FeedId { get; init; }

    /// <summary>The feed's name when it ran.</summary>
    public required string FeedName { get; init; }

    /// <summary>How it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Objects to load, as planned.</summary>
    public long ObjectsPlanned { get; init; }

    /// <summary>Objects loaded in commits that landed.</summary>
    public long ObjectsLoaded { get; init; }

    /// <summary>Objects passed over, each with a reason in the plan (unchanged ones are not counted).</summary>
    public long ObjectsSkipped { get; init; }

    /// <summary>Objects that could not be read and were left out (-OnBadFile Skip).</summary>
    public long ObjectsFailed { get; init; }

    /// <summary>Rows read, rejects among them, in commits that landed and in the one that failed.</summary>
    public long RowsRead { get; init; }

    /// <summary>Rows loaded in commits that landed.</summary>
    public long RowsLoaded { get; init; }

    /// <summary>Rows rejected; exact, however many are stored.</summary>
    public long RowsRejected { get; init; }

    /// <summary>Object bytes read, as stored on S3, in commits that landed.</summary>
    public long BytesRead { get; init; }

    /// <summary>Commits that landed.</summary>
    public int Commits { get; init; }

    /// <summary>The error's id, or null.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The error in one sentence, or null.</summary>
    public string? Error { get; init; }

    /// <summary>How many warnings the run gave; exact, however many are stored.</summary>
    public long WarningCount { get; init; }

    /// <summary>The first warnings of the run, at most 100: what changed or looked odd although nothing failed.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init => field = value.ToArray(); } = [];

    /// <summary>
    /// How many runs this one stands for. After a day, the runs of one feed and day (UTC) that had nothing to do are kept as the last of them.
    /// </summary>
    public long Runs { get; init; } = 1;

    /// <summary>When the first of those runs began, UTC; the run's own start where it stands for itself alone.</summary>
    public DateTimeOffset FirstStartedAt { get => field == default ? StartedAt : field; init; }

    /// <summary>Host the run was made on.</summary>
    public required string Host { get; init; }

    /// <summary>Process the run was made in.</summary>
    public required int ProcessId { get; init; }

    /// <summary>How long it took, or null while it is under way.</summary>
    public TimeSpan? Duration => EndedAt - StartedAt;
}
