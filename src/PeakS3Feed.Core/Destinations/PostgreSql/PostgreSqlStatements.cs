using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>The statements of a load on PostgreSQL.</summary>
internal sealed class PostgreSqlStatements(SqlDialect dialect, LoadTarget target, LoadSpec spec) : SqlStatements(dialect, target, spec)
{
    /// <summary>Empties the temporary table. DELETE and not TRUNCATE, which resets the counter of inserted rows.</summary>
    public const string EmptyStage = $"DELETE FROM {StageTable}";

    private const string StageTable = "peaks3feed_stage";
    private const string OrderColumn = "peaks3feed_order";
    private const string KeySuffix = "_peaks3feed_key";

    /// <summary>Whether rows wait in a temporary table.</summary>
    public bool IsStaged => Spec.Mode == LoadMode.Upsert;

    /// <summary>
    /// Whether a load that creates the table adds the audit columns after the rows (<see cref="LateAuditColumns"/>). The plan shows them with the others.
    /// </summary>
    public bool AddsAuditColumnsLate { get; init; }

    /// <summary>The target of COPY.</summary>
    public string CopyTarget => IsStaged ? StageTable : Table;

    protected override string IfNotExists => "IF NOT EXISTS ";

    protected override string KeyIndex
        => SqlIdentifier.Quote(Shorten(Target.Table, PostgreSqlDialect.MaxIdentifierBytes - KeySuffix.Length) + KeySuffix);

    public override string ChangedTable => "peaks3feed_changed";

    public override string CreateChanged
        => $"CREATE TEMP TABLE {ChangedTable} (bucket {Dialect.KeyType}, object_key {Dialect.KeyType}) ON COMMIT DROP";

    public override string AnalyzeChanged => $"ANALYZE {ChangedTable}"; // autovacuum does not analyze temporary tables

    /// <summary>Creates the temporary table; its order column keeps the loading order.</summary>
    public string CreateStage(FeedSchema schema)
    {
        var columns = Columns(schema).Select(c => $"{SqlIdentifier.Quote(c.Name)} {Dialect.TypeName(c)}");
        return $"CREATE TEMP TABLE {StageTable} ({string.Join(", ", columns)}, {OrderColumn} bigint) ON COMMIT DROP";
    }

    /// <summary>Adds a column to the temporary table.</summary>
    public string AddStageColumn(FeedColumn column)
        => $"ALTER TABLE {StageTable} ADD COLUMN {SqlIdentifier.Quote(column.Name)} {Dialect.TypeName(column)}";

    /// <summary>
    /// Returns whether the audit columns of a new table can be added after the rows: if there are other columns, no statement needs them earlier, and no
    /// savepoint can roll them back.
    /// </summary>
    public static bool CanAddAuditColumnsLate(LoadSpec spec)
        => spec is { Audit: true, Mode: not LoadMode.Upsert, UndoObjects: false, FindRefusedRows: false, DeleteEarlierVersions: false }
            && spec.Schema.Columns.Count > 0;

    /// <summary>Adds columns whose rows have the value of an expression.</summary>
    public string AddWithDefaults(IEnumerable<(FeedColumn Column, string Default)> columns)
    {
        var added = columns.Select(c => $"ADD COLUMN {SqlIdentifier.Quote(c.Column.Name)} {Dialect.TypeName(c.Column)} DEFAULT {c.Default}");
        return $"ALTER TABLE {Table} {string.Join(", ", added)}";
    }

    /// <summary>Removes the defaults of columns.</summary>
    public string DropDefaults(IEnumerable<FeedColumn> columns)
        => $"ALTER TABLE {Table} {string.Join(", ", columns.Select(c => $"ALTER COLUMN {SqlIdentifier.Quote(c.Name)} DROP DEFAULT"))}";

    /// <summary>Writes the rows.</summary>
    public string Copy(FeedSchema schema) => Copy(schema, AuditColumn.For(Spec));

    /// <summary>Writes the rows with some of the audit columns.</summary>
    public string Copy(FeedSchema schema, IReadOnlyList<FeedColumn> audit)
    {
        var names = schema.Columns.Concat(audit).Select(c => c.Name);
        return $"COPY {CopyTarget} ({SqlIdentifier.List(IsStaged ? names.Append(OrderColumn) : names)}) FROM STDIN (FORMAT binary)";
    }

    /// <summary>Brings the last row of each key from the temporary table into the target.</summary>
    public string Merge(FeedSchema schema)
    {
        IReadOnlyList<string> columns = [.. Columns(schema).Select(c => c.Name)];
        var last =
            $"""
            SELECT {SqlIdentifier.List(columns)} FROM (
                SELECT s.*, row_number() OVER (PARTITION BY {SqlIdentifier.List(Spec.Key)} ORDER BY {OrderColumn} DESC) AS peaks3feed_rank
                FROM {StageTable} s) ranked
            WHERE peaks3feed_rank = 1
            """;
        return Upsert(columns, last);
    }

    protected override string Create(CreateTable change)
        => base.Create(AddsAuditColumnsLate ? change with { Columns = [.. change.Columns.Where(c => !IsAudit(c))] } : change);

    protected override IEnumerable<string> Rows()
        => IsStaged ? [CreateStage(Spec.Schema), Copy(Spec.Schema), Merge(Spec.Schema)] : [Copy(Spec.Schema)];

    protected override string Widen(WidenColumn change)
    {
        var column = SqlIdentifier.Quote(change.To.Name);
        var type = Dialect.TypeName(change.To);
        // The server formats a date by its DateStyle.
        var value = change is { From.Type: ColumnType.Date, To.Type: ColumnType.Text }
            ? $"CASE WHEN isfinite({column}) THEN to_char({column}, 'YYYY-MM-DD') ELSE {column}::text END"
            : $"{column}::{type}";
        return $"ALTER TABLE {Table} ALTER COLUMN {column} TYPE {type} USING {value}";
    }

    private bool IsAudit(FeedColumn column) => AuditColumn.For(Spec).Any(a => a.Name == column.Name);

    private static string Shorten(string name, int bytes)
    {
        while (System.Text.Encoding.UTF8.GetByteCount(name) > bytes)
            name = name[..^1];
        return name;
    }
}
