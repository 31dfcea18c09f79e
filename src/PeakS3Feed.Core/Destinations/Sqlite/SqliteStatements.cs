using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>The statements of a load on SQLite; the plan shows the same that the load executes.</summary>
internal sealed class SqliteStatements(SqlDialect dialect, LoadTarget target, LoadSpec spec)
{
    /// <summary>The objects of which other versions were loaded before.</summary>
    public const string ChangedTable = "temp.peaks3feed_changed";

    /// <summary>Deletes the rows that this feed loaded from earlier versions of changed objects.</summary>
    public string DeleteEarlier => $"DELETE FROM {dialect.Table(target.Table)} WHERE {LedgerFiles.LoadedFrom(dialect, ChangedTable)}";

    /// <summary>Empties the table for a Replace.</summary>
    public string DeleteAll => $"DELETE FROM {dialect.Table(target.Table)}";

    /// <summary>Takes one row; for an Upsert, in loading order, the last one of a key wins.</summary>
    public string Insert(FeedSchema schema)
    {
        IReadOnlyList<string> columns = [.. schema.Columns.Concat(AuditColumn.For(spec)).Select(c => c.Name)];
        var values = $"VALUES ({string.Join(", ", columns.Select((_, i) => $"?{i + 1}"))})";
        return spec.Mode == LoadMode.Upsert
            ? dialect.Upsert(target.Table, columns, spec.Key, values)
            : $"INSERT INTO {dialect.Table(target.Table)} ({SqlIdentifier.List(columns)}) {values}";
    }

    /// <summary>All of them in order.</summary>
    public IReadOnlyList<string> All() => spec switch
    {
        { Mode: LoadMode.Replace } => [DeleteAll, Insert(spec.Schema)],
        { DeleteEarlierVersions: true } => [DeleteEarlier, Insert(spec.Schema)],
        _ => [Insert(spec.Schema)],
    };
}
