using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Runs;

/// <summary>Reads and writes runs as rows of the history.</summary>
internal static class RunRows
{
    private const string Columns =
        "id, feed_id, feed_name, status, started_at, ended_at, objects_planned, objects_loaded, objects_skipped, objects_failed, "
        + "rows_read, rows_loaded, rows_rejected, bytes_read, commits, error_id, error, host, process_id, warnings";

    public static readonly string Select = $"SELECT {Columns}, {WarningRows.FirstOfRun}, folded, first_started_at FROM runs ";

    public const string Insert =
        "INSERT INTO runs (" + Columns + ") VALUES ($id, $feed, $name, $status, $started, $ended, $planned, $loaded, $skipped, $failed, "
        + "$read, $rows, $rejected, $bytes, $commits, $errorId, $error, $host, $process, $warnings)";

    /// <summary>Updates everything that changes during a run, except a request to stop.</summary>
    public const string Update =
        "UPDATE runs SET status=$status, ended_at=$ended, objects_planned=$planned, objects_loaded=$loaded, objects_skipped=$skipped, "
        + "objects_failed=$failed, rows_read=$read, rows_loaded=$rows, rows_rejected=$rejected, bytes_read=$bytes, commits=$commits, "
        + "error_id=$errorId, error=$error, warnings=$warnings WHERE id=$id";

    public static SqliteCommand Command(SqliteConnection connection, string sql, S3FeedRun run) => connection.Command(
        sql,
        ("$id", run.Id.Text()),
        ("$feed", run.FeedId.Text()),
        ("$name", run.FeedName),
        ("$status", run.Status.ToString()),
        ("$started", run.StartedAt.Text()),
        ("$ended", run.EndedAt?.Text()),
        ("$planned", run.ObjectsPlanned),
        ("$loaded", run.ObjectsLoaded),
        ("$skipped", run.ObjectsSkipped),
        ("$failed", run.ObjectsFailed),
        ("$read", run.RowsRead),
        ("$rows", run.RowsLoaded),
        ("$rejected", run.RowsRejected),
        ("$bytes", run.BytesRead),
        ("$commits", run.Commits),
        ("$errorId", run.ErrorId),
        ("$error", run.Error),
        ("$host", run.Host),
        ("$process", run.ProcessId),
        ("$warnings", run.WarningCount));

    public static List<S3FeedRun> List(SqliteConnection connection, string where, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(Select + where, parameters);
        using var row = command.ExecuteReader();
        var runs = new List<S3FeedRun>();
        while (row.Read()) runs.Add(Read(row));
        return runs;
    }

    public static S3FeedRun Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        FeedId = Guid.Parse(row.GetString(1)),
        FeedName = row.GetString(2),
        Status = Enum.Parse<RunStatus>(row.GetString(3)),
        StartedAt = row.TimeOrNull(4)!.Value,
        EndedAt = row.TimeOrNull(5),
        ObjectsPlanned = row.GetInt64(6),
        ObjectsLoaded = row.GetInt64(7),
        ObjectsSkipped = row.GetInt64(8),
        ObjectsFailed = row.GetInt64(9),
        RowsRead = row.GetInt64(10),
        RowsLoaded = row.GetInt64(11),
        RowsRejected = row.GetInt64(12),
        BytesRead = row.GetInt64(13),
        Commits = row.GetInt32(14),
        ErrorId = row.TextOrNull(15),
        Error = row.TextOrNull(16),
        Host = row.GetString(17),
        ProcessId = row.GetInt32(18),
        WarningCount = row.GetInt64(19),
        Warnings = WarningRows.ReadAll(row.GetString(20)),
        Runs = row.GetInt64(21) + 1,
        FirstStartedAt = row.TimeOrNull(22) ?? default,
    };
}
