using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Runs;

/// <summary>The statements that list, count and delete runs.</summary>
internal static class RunQuery
{
    public static SqliteCommand List(SqliteConnection connection, RunFilter filter)
        => Command(connection, RunRows.Select, filter, before: null, endedOnly: false, "");

    /// <summary>Counts the runs that <see cref="Clear"/> would delete.</summary>
    public static SqliteCommand Count(SqliteConnection connection, RunFilter filter, DateTimeOffset? before)
        => Command(connection, "SELECT count(*) FROM (SELECT id FROM runs ", filter, before, endedOnly: true, ")");

    /// <summary>Deletes runs that have ended. Their rejects are deleted with them.</summary>
    public static SqliteCommand Clear(SqliteConnection connection, RunFilter filter, DateTimeOffset? before)
        => Command(connection, "DELETE FROM runs WHERE id IN (SELECT id FROM runs ", filter, before, endedOnly: true, ")");

    private static SqliteCommand Command(
        SqliteConnection connection, string start, RunFilter filter, DateTimeOffset? before, bool endedOnly, string end)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder(start).Append("WHERE 1=1");
        if (endedOnly) Add(" AND status<>", nameof(RunStatus.Running));
        if (before is { } limit) Add(" AND started_at<", limit.Text());
        if (filter.RunId is { } run) Add(" AND id=", run.Text());
        if (filter.FeedId is { } feed) Add(" AND feed_id=", feed.Text());
        if (filter.FeedName is { } name) Add(" AND feed_name=", name);
        if (filter.Since is { } since) Add(" AND started_at>=", since.Text());
        if (filter.Statuses.Count > 0)
        {
            sql.Append(" AND status IN (");
            for (var i = 0; i < filter.Statuses.Count; i++) Add(i == 0 ? "" : ", ", filter.Statuses[i].ToString());
            sql.Append(')');
        }

        sql.Append(" ORDER BY started_at DESC, rowid DESC");
        if (filter.Last is { } last) Add(" LIMIT ", Math.Max(0, last));
        command.CommandText = sql.Append(end).ToString();
        return command;

        void Add(string text, object value)
        {
            var parameter = string.Create(CultureInfo.InvariantCulture, $"$p{command.Parameters.Count}");
            sql.Append(text).Append(parameter);
            command.Parameters.AddWithValue(parameter, value);
        }
    }
}
