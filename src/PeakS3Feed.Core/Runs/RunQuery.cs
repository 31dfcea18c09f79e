using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Runs;

/// <summary>The statement that lists runs.</summary>
internal static class RunQuery
{
    public static SqliteCommand Command(SqliteConnection connection, RunFilter filter)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder(RunRows.Select).Append("WHERE 1=1");
        if (filter.FeedId is { } feed) Add(" AND feed_id=", feed.Text());
        if (filter.FeedName is { } name) Add(" AND feed_name=", name);
        if (filter.Statuses.Count > 0)
        {
            sql.Append(" AND status IN (");
            for (var i = 0; i < filter.Statuses.Count; i++) Add(i == 0 ? "" : ", ", filter.Statuses[i].ToString());
            sql.Append(')');
        }

        sql.Append(" ORDER BY started_at DESC, rowid DESC");
        if (filter.Last is { } last) Add(" LIMIT ", Math.Max(0, last));
        command.CommandText = sql.ToString();
        return command;

        void Add(string before, object value)
        {
            var parameter = string.Create(CultureInfo.InvariantCulture, $"$p{command.Parameters.Count}");
            sql.Append(before).Append(parameter);
            command.Parameters.AddWithValue(parameter, value);
        }
    }
}
