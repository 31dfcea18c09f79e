using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>
/// The statements of a load on a SQL database: changes of the table, deletions, rows. Pure functions, so that the plan shows the statements that
/// the load executes.
/// </summary>
internal abstract class SqlStatements(SqlDialect dialect, LoadTarget target, LoadSpec spec)
{
    /// <summary>The temporary table (bucket, object_key) of objects that were loaded before in another version.</summary>
    public abstract string ChangedTable { get; }

    /// <summary>Creates that table, empty.</summary>
    public abstract string CreateChanged { get; }

    /// <summary>Updates the statistics of that table, where the database plans by them; or null.</summary>
    public virtual string? AnalyzeChanged => null;

    /// <summary>Deletes the rows that this feed loaded from earlier versions of changed objects.</summary>
    public string DeleteEarlier => $"{DeleteAll} WHERE {SqlLedger.LoadedFrom(Dialect, ChangedTable)}";

    /// <summary>Empties the table for a Replace.</summary>
    public string DeleteAll => $"DELETE FROM {Table}";

    protected SqlDialect Dialect { get; } = dialect;

    protected LoadTarget Target { get; } = target;

    protected LoadSpec Spec { get; } = spec;

    /// <summary>The target table's full name, quoted.</summary>
    protected string Table { get; } = dialect.Table(target.Table);

    /// <summary>The quoted name of the unique index on the key of an Upsert table that no feed created.</summary>
    protected abstract string KeyIndex { get; }

    /// <summary><c>IF NOT EXISTS </c> where ADD COLUMN supports it.</summary>
    protected virtual string IfNotExists => "";

    /// <summary>Returns all statements in order.</summary>
    /// <param name="fit">The changes that the table needs.</param>
    public IReadOnlyList<string> All(TableFit fit)
    {
        var statements = fit.Changes.SelectMany(Change).ToList();
        if (Spec.Mode == LoadMode.Replace)
            statements.Add(DeleteAll);
        if (Spec.DeleteEarlierVersions)
            statements.Add(DeleteEarlier);
        statements.AddRange(Rows());
        return statements;
    }

    /// <summary>Returns the statements for a change of the table.</summary>
    public IReadOnlyList<string> Change(TableChange change) => change switch
    {
        CreateTable c => [Create(c)],
        AddColumn a => [$"ALTER TABLE {Table} ADD COLUMN {IfNotExists}{SqlIdentifier.Quote(a.Column.Name)} {Dialect.TypeName(a.Column)}"],
        RenameColumn r => [$"ALTER TABLE {Table} RENAME COLUMN {SqlIdentifier.Quote(r.From)} TO {SqlIdentifier.Quote(r.To)}"],
        WidenColumn w => Widen(w) is { } statement ? [statement] : [],
        CreateKeyIndex k => [$"CREATE UNIQUE INDEX {KeyIndex} ON {Table} ({SqlIdentifier.List(k.Key)})"],
        ForgetFeeds f => Forget(f),
        // The load executes it with parameters; this text is for the plan.
        TakeOverLedger t => [$"-- the ledger takes over {t.Takeover.Describe(t.Feed)}: they are not loaded again"],
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, null),
    };

    /// <summary>Returns the statements that write the rows.</summary>
    protected abstract IEnumerable<string> Rows();

    /// <summary>Returns the statement for <see cref="WidenColumn"/>, or null when none is needed.</summary>
    protected abstract string? Widen(WidenColumn change);

    /// <summary>
    /// Returns the statement that inserts the rows of a source (VALUES or a query), and updates those whose key is there. Columns outside the feed
    /// keep their values.
    /// </summary>
    protected virtual string Upsert(IReadOnlyList<string> columns, string source)
    {
        var updates = columns
            .Where(c => !Spec.Key.Contains(c, Dialect.NameComparer) && c != AuditColumn.CreatedAt.Name)
            .DefaultIfEmpty(Spec.Key[0]) // a row of key columns alone counts as updated, too
            .Select(c => $"{SqlIdentifier.Quote(c)} = excluded.{SqlIdentifier.Quote(c)}");
        var action = "UPDATE SET " + string.Join(", ", updates);
        return $"INSERT INTO {Table} ({SqlIdentifier.List(columns)}) {source} ON CONFLICT ({SqlIdentifier.List(Spec.Key)}) DO {action}";
    }

    /// <summary>Returns the columns that are written, audit columns last.</summary>
    protected IEnumerable<FeedColumn> Columns(FeedSchema schema) => schema.Columns.Concat(AuditColumn.For(Spec));

    private string[] Forget(ForgetFeeds change)
    {
        var table = Dialect.LedgerName(Target.Table).Replace("'", "''", StringComparison.Ordinal);
        var rows = $"WHERE table_name = '{table}' AND feed_id IN ({string.Join(", ", change.Feeds.Select(f => $"'{f:D}'"))})";
        return
        [
            $"UPDATE {Dialect.Table(SqlLedger.LockTable)} SET {SqlLedger.Forgotten} {rows}",
            $"DELETE FROM {Dialect.Table(SqlLedger.LoadTable)} {rows}",
            $"DELETE FROM {Dialect.Table(SqlLedger.FileTable)} {rows}",
        ];
    }

    /// <summary>Returns the statement that creates the table.</summary>
    protected virtual string Create(CreateTable change)
    {
        var lines = change.Columns.Select(c => $"    {SqlIdentifier.Quote(c.Name)} {Dialect.TypeName(c)}{(c.Nullable ? "" : " NOT NULL")}");
        if (change.Key.Count > 0)
            lines = lines.Append($"    PRIMARY KEY ({SqlIdentifier.List(change.Key)})");
        return $"CREATE TABLE {Table} (\n{string.Join(",\n", lines)}\n)";
    }
}
