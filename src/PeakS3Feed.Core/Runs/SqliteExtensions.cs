using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Runs;

/// <summary>Shortens plain SQL code, and defines the text form of ids and times in the history.</summary>
internal static class SqliteExtensions
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static long Scalar(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return Convert.ToInt64(command.ExecuteScalar() ?? 0L, CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the time that a query selects, or null.</summary>
    public static DateTimeOffset? Time(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteScalar() is string text ? ParseTime(text) : null;
    }

    public static string? TextOrNull(this SqliteDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader reader, int ordinal)
        => reader.IsDBNull(ordinal) ? null : ParseTime(reader.GetString(ordinal));

    /// <summary>Formats a GUID as lower-case text with hyphens.</summary>
    public static string Text(this Guid id) => id.ToString("D");

    /// <summary>Formats a time in UTC with a fixed width, so that text order is time order.</summary>
    public static string Text(this DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Parses a time from <see cref="Text(DateTimeOffset)"/>, without a culture, which would take some milliseconds to prepare.</summary>
    public static DateTimeOffset ParseTime(string text)
        => Utf8Parser.TryParse(Encoding.UTF8.GetBytes(text), out DateTimeOffset time, out var read, 'O') && read == text.Length
            ? time
            : throw new FormatException($"\"{text}\" is not a time of the store.");
}
