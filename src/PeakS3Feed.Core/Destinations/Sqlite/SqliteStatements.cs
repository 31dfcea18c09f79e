using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>The statements of a load on SQLite.</summary>
internal sealed class SqliteStatements(SqlDialect dialect, LoadTarget target, LoadSpec spec) : SqlStatements(dialect, target, spec)
{
    public override string ChangedTable => "temp.peaks3feed_changed";

    /// <summary>An earlier commit may have left the table: it lives as long as the connection.</summary>
    public override string CreateChanged
        => "CREATE TEMP TABLE IF NOT EXISTS peaks3feed_changed (bucket TEXT, object_key TEXT); DELETE FROM temp.peaks3feed_changed";

    protected override string KeyIndex => SqlIdentifier.Quote(Target.Table + "_peaks3feed_key");

    /// <summary>Inserts one row. Upsert inserts rows in loading order, so that the last one of a key wins.</summary>
    public string Insert(FeedSchema schema)
    {
        IReadOnlyList<string> columns = [.. Columns(schema).Select(c => c.Name)];
        var values = $"VALUES ({string.Join(", ", columns.Select((_, i) => $"?{i + 1}"))})";
        return Spec.Mode == LoadMode.Upsert
            ? Upsert(columns, values)
            : $"INSERT INTO {Table} ({SqlIdentifier.List(columns)}) {values}";
    }

    protected override IEnumerable<string> Rows() => [Insert(Spec.Schema)];

    /// <inheritdoc/>
    /// <remarks>SQLite cannot change a type: <see cref="SqliteRebuild"/> creates the table again. A plan says so in a comment.</remarks>
    protected override string? Widen(WidenColumn change) => SqliteConversion.Find(change) is { } conversion
        ? $"-- {Table} is created again with {SqlIdentifier.Quote(change.To.Name)} {Dialect.TypeName(change.To)} = {conversion.Value}"
        : null;
}
