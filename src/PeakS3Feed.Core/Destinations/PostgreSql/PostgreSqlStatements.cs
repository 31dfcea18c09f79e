using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>The statements of a load on PostgreSQL; the plan shows the same that the load executes.</summary>
internal sealed class PostgreSqlStatements(SqlDialect dialect, LoadTarget target, LoadSpec spec)
{
    private const string StageTable = "peaks3feed_stage";
    private const string OrderColumn = "peaks3feed_order";

    /// <summary>Whether rows wait in a temporary table.</summary>
    public bool IsStaged => spec.Mode == LoadMode.Upsert;

    /// <summary>What COPY writes to.</summary>
    public string CopyTarget => IsStaged ? StageTable : dialect.Table(target.Table);

    /// <summary>The objects of which other versions were loaded before.</summary>
    public const string ChangedTable = "peaks3feed_changed";

    /// <summary>Deletes the rows that this feed loaded from earlier versions of changed objects.</summary>
    public string DeleteEarlier => $"DELETE FROM {dialect.Table(target.Table)} WHERE {LedgerFiles.LoadedFrom(dialect, ChangedTable)}";

    /// <summary>Empties the table for a Replace; readers see the old rows until the commit.</summary>
    public string DeleteAll => $"DELETE FROM {dialect.Table(target.Table)}";

    /// <summary>Makes the temporary table; its order column keeps the loading order.</summary>
    public string CreateStage(FeedSchema schema)
    {
        var columns = Columns(schema).Select(c => $"{SqlIdentifier.Quote(c.Name)} {dialect.TypeName(c)}");
        return $"CREATE TEMP TABLE {StageTable} ({string.Join(", ", columns)}, {OrderColumn} bigint) ON COMMIT DROP";
    }

    /// <summary>Adds a column to the temporary table.</summary>
    public string AddStageColumn(FeedColumn column)
        => $"ALTER TABLE {StageTable} ADD COLUMN {SqlIdentifier.Quote(column.Name)} {dialect.TypeName(column)}";

    /// <summary>Takes the rows.</summary>
    public string Copy(FeedSchema schema)
    {
        var names = Columns(schema).Select(c => c.Name);
        return $"COPY {CopyTarget} ({SqlIdentifier.List(IsStaged ? names.Append(OrderColumn) : names)}) FROM STDIN (FORMAT binary)";
    }

    /// <summary>Brings the last row of each key from the temporary table into the target.</summary>
    public string Merge(FeedSchema schema)
    {
        IReadOnlyList<string> columns = [.. Columns(schema).Select(c => c.Name)];
        var last =
            $"""
            SELECT {SqlIdentifier.List(columns)} FROM (
                SELECT s.*, row_number() OVER (PARTITION BY {SqlIdentifier.List(spec.Key)} ORDER BY {OrderColumn} DESC) AS peaks3feed_rank
                FROM {StageTable} s) ranked
            WHERE peaks3feed_rank = 1
            """;
        return dialect.Upsert(target.Table, columns, spec.Key, last);
    }

    /// <summary>All of them in order.</summary>
    public IReadOnlyList<string> All()
    {
        var statements = new List<string>();
        if (spec.Mode == LoadMode.Replace)
            statements.Add(DeleteAll);
        if (spec.DeleteEarlierVersions)
            statements.Add(DeleteEarlier);
        if (IsStaged)
            statements.Add(CreateStage(spec.Schema));
        statements.Add(Copy(spec.Schema));
        if (IsStaged)
            statements.Add(Merge(spec.Schema));
        return statements;
    }

    private IEnumerable<FeedColumn> Columns(FeedSchema schema) => schema.Columns.Concat(AuditColumn.For(spec));
}
