using System.Text.Json;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Runs;

/// <summary>Reads and writes warnings as rows of the history.</summary>
internal static class WarningRows
{
    private const string Columns = "warning_id, subject, message, object_uri, line, byte_offset, field, occurrences, unit, hint, cmdlets, shells";

    /// <summary>The first warnings of a run as a JSON array of arrays, for a SELECT from <c>runs</c>.</summary>
    public static readonly string FirstOfRun =
        $"(SELECT json_group_array(json_array({Columns})) FROM (SELECT {Columns} FROM run_warnings WHERE run_id=runs.id ORDER BY number LIMIT {S3FeedRun.MaxListedWarnings}))";

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
                ("$cmdlets", Lines(warning, r => r.Cmdlet)),
                ("$shells", Lines(warning, r => r.Shell ?? "")));
        }
    }

    // Each command is one line, so that the two lists match line by line.
    private static string? Lines(FeedWarning warning, Func<Remedy, string> command)
        => warning.Remedies.Count == 0 ? null : string.Join('\n', warning.Remedies.Select(r => command(r).ReplaceLineEndings(" ")));

    private static FeedWarning Read(JsonElement row) => new(row[0].GetString()!, row[2].GetString()!)
    {
        Subject = row[1].GetString()!,
        Position = row[3].GetString() is { } uri ? new SourcePosition(uri, row[4].GetInt64(), row[5].GetInt64(), row[6].GetString()) : null,
        Count = row[7].GetInt64(),
        Unit = row[8].GetString(),
        Hint = row[9].GetString(),
        Remedies = row[10].GetString() is { } cmdlets
            ? [.. cmdlets.Split('\n').Zip(row[11].GetString()!.Split('\n'), (cmdlet, shell) => new Remedy(cmdlet, shell.Length == 0 ? null : shell))]
            : [],
    };
}
