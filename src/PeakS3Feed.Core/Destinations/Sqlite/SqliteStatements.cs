using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>The statements of a load on SQLite.</summary>
internal sealed class SqliteStatements(SqlDialect dialect, LoadTarget target, LoadSpec spec) : SqlStatements(dialect, target, spec)
{
    public override string ChangedTable => "temp.peaks3feed_changed";

    /// <summary>The table of an earlier commit may be there: it goes with the connection only.</summary>
    public override string CreateChanged => "CREATE TEMP TABLE IF NOT EXISTS peaks3feed_changed (bucket TEXT, object_key TEXT); DELETE FROM temp.peaks3feed_changed";

    /// <summary>Takes one row; for an Upsert, in loading order, the last one of a key wins.</summary>
    public string Insert(FeedSchema schema)
    {
        IReadOnlyList<string> columns = [.. Columns(schema).Select(c => c.Name)];
        var values = $"VALUES ({string.Join(", ", columns.Select((_, i) => $"?{i + 1}"))})";
        return Spec.Mode == LoadMode.Upsert
            ? Dialect.Upsert(Target.Table, columns, Spec.Key, values)
            : $"INSERT INTO {Dialect.Table(Target.Table)} ({SqlIdentifier.List(columns)}) {values}";
    }

    protected override IEnumerable<string> Rows() => [Insert(Spec.Schema)];
}
