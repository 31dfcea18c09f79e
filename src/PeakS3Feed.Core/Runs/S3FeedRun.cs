using PeakS3Feed.Errors;

namespace PeakS3Feed.Runs;

/// <summary>One execution of a feed.</summary>
public sealed record S3FeedRun
{
    /// <summary>The maximum number of warnings in <see cref="Warnings"/>: 100.</summary>
    public const int MaxListedWarnings = 100;

    /// <summary>The run's id, which is also in the audit column of the rows that it loaded.</summary>
    public required Guid Id { get; init; }

    /// <summary>The id of the feed.</summary>
    public required Guid FeedId { get; init; }

    /// <summary>The feed's name at that time.</summary>
    public required string FeedName { get; init; }

    /// <summary>The status of the run.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When the run started, in UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the run ended, in UTC; null while it is running.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The number of objects that the plan contained.</summary>
    public long ObjectsPlanned { get; init; }

    /// <summary>The number of objects loaded by successful commits.</summary>
    public long ObjectsLoaded { get; init; }

    /// <summary>The number of objects skipped, each with a reason in the plan. Unchanged objects are not counted.</summary>
    public long ObjectsSkipped { get; init; }

    /// <summary>The number of objects that could not be read and were skipped (-OnBadFile Skip).</summary>
    public long ObjectsFailed { get; init; }

    /// <summary>The number of rows read, including rejects, in successful commits and in the one that failed.</summary>
    public long RowsRead { get; init; }

    /// <summary>The number of rows loaded by successful commits.</summary>
    public long RowsLoaded { get; init; }

    /// <summary>The number of rows rejected; exact, however many are stored.</summary>
    public long RowsRejected { get; init; }

    /// <summary>The number of bytes of objects read, as stored in S3, in successful commits.</summary>
    public long BytesRead { get; init; }

    /// <summary>The number of successful commits, in all destinations.</summary>
    public int Commits { get; init; }

    /// <summary>
    /// How each destination of the feed stands, in the order of the feed's destinations; empty for runs of earlier versions. Of two destinations, the
    /// counts of the run count each object and row once.
    /// </summary>
    public IReadOnlyList<RunDestination> Destinations { get; init => field = value.ToArray(); } = [];

    /// <summary>How the objects reached a warehouse that can load them itself; null otherwise.</summary>
    public string? LoadPath => Destinations.FirstOrDefault(d => d.LoadPath is not null)?.LoadPath;

    /// <summary>The error's id, or null.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The error in one sentence, or null.</summary>
    public string? Error { get; init; }

    /// <summary>The number of warnings of the run; exact, however many are stored.</summary>
    public long WarningCount { get; init; }

    /// <summary>The first warnings of the run, at most 100: changes and irregularities that a person may want to know.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init => field = value.ToArray(); } = [];

    /// <summary>
    /// The number of runs that this entry represents. After a day, the runs of one feed and day (UTC) that had nothing to do become one entry, the
    /// last of them.
    /// </summary>
    public long Runs { get; init; } = 1;

    /// <summary>When the first of those runs started, in UTC; the run's own start where the entry represents one run.</summary>
    public DateTimeOffset FirstStartedAt { get => field == default ? StartedAt : field; init; }

    /// <summary>The host on which the run executes.</summary>
    public required string Host { get; init; }

    /// <summary>The id of the process in which the run executes.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The duration of the run; null while it is running.</summary>
    public TimeSpan? Duration => EndedAt - StartedAt;

    /// <summary>The id, by which -Id finds the run.</summary>
    public override string ToString() => Id.ToString();
}

/// <summary>How one destination stands in a run.</summary>
public sealed record RunDestination
{
    /// <summary>The destination's name.</summary>
    public required string Name { get; init; }

    /// <summary>The status. <see cref="RunStatus.Failed"/>: the destination is behind, and the next run catches up.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>The number of objects that the plan contained for it.</summary>
    public long ObjectsPlanned { get; init; }

    /// <summary>The number of objects loaded into it.</summary>
    public long ObjectsLoaded { get; init; }

    /// <summary>The number of rows loaded into it.</summary>
    public long RowsLoaded { get; init; }

    /// <summary>
    /// The number of rejected rows of the objects that it needed. A row that either of two destinations refuses is a reject for both.
    /// </summary>
    public long RowsRejected { get; init; }

    /// <summary>The number of successful commits.</summary>
    public int Commits { get; init; }

    /// <summary>
    /// How the objects reached it: <c>Direct</c>, or <c>Staged, because …</c>; null if it has one way only, or if there was nothing to load.
    /// </summary>
    public string? LoadPath { get; init; }

    /// <summary>The error's id, or null.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The error in one sentence, or null.</summary>
    public string? Error { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Status}";
}

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

/// <summary>Selects runs. All conditions that are set must be true.</summary>
public sealed record RunFilter
{
    /// <summary>All runs.</summary>
    public static RunFilter All { get; } = new();

    /// <summary>Only this run.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Only runs of this feed.</summary>
    public Guid? FeedId { get; init; }

    /// <summary>Only runs of feeds with this name at that time, regardless of case. It also finds runs of removed feeds.</summary>
    public string? FeedName { get; init; }

    /// <summary>Only runs with one of these statuses; empty for all.</summary>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];

    /// <summary>Only runs that started at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>At most this number of runs, the newest.</summary>
    public int? Last { get; init; }
}
