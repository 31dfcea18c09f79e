using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>The statements that bring staged rows into the feed's table.</summary>
/// <param name="tables">The tables.</param>
/// <param name="dialect">Names and types.</param>
/// <param name="spec">How the rows are loaded.</param>
/// <param name="schema">The feed's columns.</param>
internal abstract class RowStatements(CommitTables tables, WarehouseDialect dialect, LoadSpec spec, FeedSchema schema)
{
    // Of the states, one row; joined so that its values need no subquery for each row.
    private const string StateRow = $"s.kind = '{CommitRecords.State}'";
    private const string ObjectRow = $"o.kind = '{CommitRecords.File}' AND o.ordinal = i.{WarehouseNames.Ordinal}";

    private readonly IReadOnlyList<string> _audit = [.. AuditColumn.For(spec).Select(c => c.Name)];

    /// <summary>Empties the table for a Replace. TRUNCATE would commit.</summary>
    public string DeleteAll => $"DELETE FROM {tables.Target}";

    /// <summary>Deletes the rows that this feed loaded from earlier versions of changed objects.</summary>
    public string DeleteEarlier => $"""
        DELETE FROM {tables.Target} USING {tables.Records} c, {tables.Records} s, {tables.Files} f, {tables.Loads} l
        WHERE c.kind = '{CommitRecords.Changed}' AND {StateRow}
        AND f.feed_id = s.feed_id AND f.table_name = s.table_name AND f.bucket = c.bucket AND f.object_key = c.object_key
        AND l.feed_id = s.feed_id AND l.table_name = s.table_name AND l.sequence = f.generation
        AND {Target(AuditColumn.FileName.Name)} = 's3://' || c.bucket || '/' || c.object_key AND {Target(AuditColumn.RequestId.Name)} = l.run_id
        """;

    /// <summary>Returns the statements of the load's mode.</summary>
    /// <param name="applied">The step that is reached once the last of them has run.</param>
    public IEnumerable<NamedStatement> Insert(CommitStep applied)
        => spec.Mode == LoadMode.Upsert ? Upsert(applied) : [new("insert the rows", InsertFrom($"{tables.Rows} i", ""), applied)];

    /// <summary>Returns the statements that update the rows whose key is there, and insert the others.</summary>
    protected abstract IEnumerable<NamedStatement> Upsert(CommitStep applied);

    /// <summary>The key's columns.</summary>
    protected IReadOnlyList<string> Key => spec.Key;

    /// <summary>All columns that a load writes, those of the audit last, with the values of a staged row <c>i</c>.</summary>
    protected IEnumerable<(string Name, string Value)> Values
        => schema.Columns.Select(c => (c.Name, Value(c, $"i.{dialect.Column(c.Name)}")))
            .Concat(_audit.Select(c => (c, Audit(c))));

    /// <summary>The same without the key and without what a row keeps from its first load; the key's first column if nothing else is left.</summary>
    protected IEnumerable<(string Name, string Value)> Updated
        => Values.Where(v => v.Name != AuditColumn.CreatedAt.Name && !spec.Key.Contains(v.Name, StringComparer.OrdinalIgnoreCase))
            .DefaultIfEmpty((spec.Key[0], $"i.{dialect.Column(spec.Key[0])}"));

    /// <summary>Of several staged rows with one key, the last one in loading order: a subquery <c>i</c>.</summary>
    protected string LastOfEachKey => $"""
        (SELECT {WarehouseNames.Ordinal}, {dialect.Columns(schema.Columns.Select(c => c.Name))},
            ROW_NUMBER() OVER (PARTITION BY {dialect.Columns(spec.Key)}
                ORDER BY {WarehouseNames.Ordinal} DESC, {WarehouseNames.Row} DESC) AS {WarehouseNames.Rank}
        FROM {tables.Rows}) i
        """;

    /// <summary>The condition that finds the last rows, with the rows of the commit's records that their audit columns need.</summary>
    protected static string IsLast => $"i.{WarehouseNames.Rank} = 1 AND {ObjectRow} AND {StateRow}";

    /// <summary>The joins that the audit columns of a staged row <c>i</c> need.</summary>
    protected string AuditJoins => _audit.Count == 0 ? "" : $" JOIN {tables.Records} o ON {ObjectRow} JOIN {tables.Records} s ON {StateRow}";

    /// <summary>An INSERT from a source of staged rows <c>i</c>.</summary>
    protected string InsertFrom(string source, string where)
    {
        var values = Values.ToList();
        return $"INSERT INTO {tables.Target} ({dialect.Columns(values.Select(v => v.Name))}) SELECT {string.Join(", ", values.Select(v => v.Value))} "
            + $"FROM {source}{AuditJoins}" + (where.Length > 0 ? $" WHERE {where}" : "");
    }

    /// <summary>The condition that joins a staged row <c>i</c> to a row of the target.</summary>
    /// <param name="table">The target's name or alias.</param>
    protected string SameKey(string table) => string.Join(" AND ", spec.Key.Select(k => $"{table}.{dialect.Column(k)} = i.{dialect.Column(k)}"));

    private string Value(FeedColumn column, string staged)
        => spec.Direct is null ? dialect.FromStaged(column, staged) : dialect.FromDirect(column, staged);

    private string Target(string column) => $"{tables.Target}.{dialect.Column(column)}";

    private string Audit(string column)
        => column == AuditColumn.FileName.Name ? "'s3://' || o.bucket || '/' || o.object_key"
            : column == AuditColumn.RequestId.Name ? "s.run_id"
            : dialect.FromStaged(AuditColumn.CreatedAt, "s.stamped_at");
}
