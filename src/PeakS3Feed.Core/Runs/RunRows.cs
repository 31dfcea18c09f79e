using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Runs;

/// <summary>Reads and writes runs as rows of the history.</summary>
internal static class RunRows
{
    private const string Columns =
        "id, feed_id, feed_name, status, started_at, ended_at, objects_planned, objects_loaded, objects_skipped, objects_failed, "
        + "rows_read, rows_loaded, rows_rejected, bytes_read, commits, error_id, error, host, process_id, warnings, destinations";

    public static readonly string Select = $"SELECT {Columns}, {WarningRows.FirstOfRun}, folded, first_started_at FROM runs ";

    public const string Insert =
        "INSERT INTO runs (" + Columns + ") VALUES ($id, $feed, $name, $status, $started, $ended, $planned, $loaded, $skipped, $failed, "
        + "$read, $rows, $rejected, $bytes, $commits, $errorId, $error, $host, $process, $warnings, $destinations)";

    /// <summary>Updates everything that changes during a run, except a request to stop.</summary>
    public const string Update =
        "UPDATE runs SET status=$status, ended_at=$ended, objects_planned=$planned, objects_loaded=$loaded, objects_skipped=$skipped, "
        + "objects_failed=$failed, rows_read=$read, rows_loaded=$rows, rows_rejected=$rejected, bytes_read=$bytes, commits=$commits, "
        + "error_id=$errorId, error=$error, warnings=$warnings, destinations=$destinations WHERE id=$id";

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
        ("$warnings", run.WarningCount),
        ("$destinations", RunDestinationRows.Write(run.Destinations)));

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
        Status = ReadStatus(row),
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
        Destinations = row.TextOrNull(20) is { } destinations ? ReadDestinations(destinations, ReadStatus(row)) : [],
        Warnings = WarningRows.ReadAll(row.GetString(21)),
        Runs = row.GetInt64(22) + 1,
        FirstStartedAt = row.TimeOrNull(23) ?? default,
    };

    private static RunStatus ReadStatus(SqliteDataReader row) => Enum.Parse<RunStatus>(row.GetString(3));

    // A run whose process has ended could not record how its destinations stand.
    private static IReadOnlyList<RunDestination> ReadDestinations(string json, RunStatus run) =>
    [
        .. RunDestinationRows.Read(json).Select(d => d.Status == RunStatus.Running ? d with { Status = run } : d),
    ];
}

/// <summary>Reads and writes rejects as rows of the history.</summary>
internal static class RejectRows
{
    public static SqliteCommand Select(SqliteConnection connection, Guid runId) => connection.Command(
        "SELECT object_uri, line, byte_offset, field, reason, raw_text FROM rejects WHERE run_id=$run ORDER BY number", ("$run", runId.Text()));

    public static Reject Read(SqliteDataReader row) => new(
        new SourcePosition(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.TextOrNull(3)), row.GetString(4), row.TextOrNull(5));

    public static void Insert(SqliteConnection connection, Guid runId, IEnumerable<(int Commit, Reject Reject)> rejects, RejectText text)
    {
        using var insert = connection.Command(
            """
            INSERT INTO rejects (run_id, commit_number, object_uri, line, byte_offset, field, reason, raw_text)
            VALUES ($run, $commit, $uri, $line, $offset, $field, $reason, $raw)
            """);
        insert.Parameters.AddWithValue("$run", runId.Text());
        foreach (var (commit, reject) in rejects)
        {
            Set("$commit", commit);
            Set("$uri", reject.Position.ObjectUri);
            Set("$line", reject.Position.Line);
            Set("$offset", reject.Position.ByteOffset);
            Set("$field", reject.Position.Column);
            Set("$reason", reject.Reason);
            Set("$raw", text == RejectText.None ? null : Cut(reject.RawText));
            insert.ExecuteNonQuery();
        }

        void Set(string name, object? value)
        {
            if (insert.Parameters.Contains(name)) insert.Parameters[name].Value = value ?? DBNull.Value;
            else insert.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }
    }

    private static string? Cut(string? text)
    {
        if (text is null || Encoding.UTF8.GetByteCount(text) <= Reject.MaxRawBytes) return text;
        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > Reject.MaxRawBytes) break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}

/// <summary>Reads and writes warnings as rows of the history.</summary>
internal static class WarningRows
{
    private const string Columns = "warning_id, subject, message, object_uri, line, byte_offset, field, occurrences, unit, hint, cmdlets, shells";

    /// <summary>The first warnings of a run as a JSON array of arrays, for a SELECT from <c>runs</c>.</summary>
    public static readonly string FirstOfRun =
        $"(SELECT json_group_array(json_array({Columns})) FROM "
        + $"(SELECT {Columns} FROM run_warnings WHERE run_id=runs.id ORDER BY number LIMIT {S3FeedRun.MaxListedWarnings}))";

    public static SqliteCommand Select(SqliteConnection connection, Guid runId) => connection.Command(
        $"SELECT json_array({Columns}) FROM run_warnings WHERE run_id=$run ORDER BY number", ("$run", runId.Text()));

    public static FeedWarning Read(SqliteDataReader row)
    {
        using var json = JsonDocument.Parse(row.GetString(0));
        return Read(json.RootElement);
    }

    public static IReadOnlyList<FeedWarning> ReadAll(string jsonArray)
    {
        if (jsonArray == "[]")
            return [];
        using var json = JsonDocument.Parse(jsonArray);
        return [.. json.RootElement.EnumerateArray().Select(Read)];
    }

    /// <summary>Replaces the warnings of a run.</summary>
    public static void Replace(SqliteConnection connection, Guid runId, IReadOnlyList<FeedWarning> warnings)
    {
        connection.Execute("DELETE FROM run_warnings WHERE run_id=$run", ("$run", runId.Text()));
        for (var number = 0; number < warnings.Count; number++)
        {
            var warning = warnings[number];
            connection.Execute(
                $"""
                INSERT INTO run_warnings (run_id, number, {Columns})
                VALUES ($run, $number, $id, $subject, $message, $uri, $line, $offset, $field, $count, $unit, $hint, $cmdlets, $shells)
                """,
                ("$run", runId.Text()),
                ("$number", number),
                ("$id", warning.Id),
                ("$subject", warning.Subject),
                ("$message", warning.Message),
                ("$uri", warning.Position?.ObjectUri),
                ("$line", warning.Position?.Line ?? 0),
                ("$offset", warning.Position?.ByteOffset ?? -1),
                ("$field", warning.Position?.Column),
                ("$count", warning.Count),
                ("$unit", warning.Unit),
                ("$hint", warning.Hint),
                ("$cmdlets", RemedyLines.WriteCmdlets(warning.Remedies)),
                ("$shells", RemedyLines.WriteShells(warning.Remedies)));
        }
    }

    private static FeedWarning Read(JsonElement row) => new(row[0].GetString()!, row[2].GetString()!)
    {
        Subject = row[1].GetString()!,
        Position = row[3].GetString() is { } uri ? new SourcePosition(uri, row[4].GetInt64(), row[5].GetInt64(), row[6].GetString()) : null,
        Count = row[7].GetInt64(),
        Unit = row[8].GetString(),
        Hint = row[9].GetString(),
        Remedies = RemedyLines.Read(row[10].GetString(), row[11].GetString()),
    };
}
