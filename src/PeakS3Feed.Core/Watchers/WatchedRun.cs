using PeakS3Feed.Runs;

namespace PeakS3Feed.Watchers;

/// <summary>A run in a message.</summary>
internal sealed record WatchedRun
{
    private const int MaxWarnings = 20;

    public required Guid Id { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public double? Seconds { get; init; }

    public long ObjectsPlanned { get; init; }

    public long ObjectsLoaded { get; init; }

    public long ObjectsSkipped { get; init; }

    public long ObjectsFailed { get; init; }

    public long RowsRead { get; init; }

    public long RowsLoaded { get; init; }

    public long RowsRejected { get; init; }

    public string? ErrorId { get; init; }

    public string? Error { get; init; }

    public string? Hint { get; init; }

    /// <summary>The number of warnings of the run.</summary>
    public long WarningCount { get; init; }

    /// <summary>The first warnings.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    public required string Host { get; init; }

    /// <summary>Converts a run. The hint of its error is a parameter, because the history does not store it.</summary>
    public static WatchedRun From(S3FeedRun run, string? hint) => new()
    {
        Id = run.Id,
        Status = run.Status.ToString(),
        StartedAt = run.StartedAt,
        EndedAt = run.EndedAt,
        Seconds = run.Duration?.TotalSeconds,
        ObjectsPlanned = run.ObjectsPlanned,
        ObjectsLoaded = run.ObjectsLoaded,
        ObjectsSkipped = run.ObjectsSkipped,
        ObjectsFailed = run.ObjectsFailed,
        RowsRead = run.RowsRead,
        RowsLoaded = run.RowsLoaded,
        RowsRejected = run.RowsRejected,
        ErrorId = run.ErrorId,
        Error = run.Error,
        Hint = hint,
        WarningCount = run.WarningCount,
        Warnings = run.Warnings.Count == 0 ? null : [.. run.Warnings.Take(MaxWarnings).Select(w => w.Text)],
        Host = run.Host,
    };
}
