using System.Text;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Runs;

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
