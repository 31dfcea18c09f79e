using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>Writes statements in one destination's SQL. Pure functions, so that the plan shows what the load executes.</summary>
public abstract class SqlDialect : IColumnTypes
{
    /// <summary>How the destination compares column names.</summary>
    public abstract StringComparer NameComparer { get; }

    /// <summary>The type of a ledger key: text whose order and equality are those of its bytes.</summary>
    public abstract string KeyType { get; }

    /// <summary>Behind a SELECT of the lock row inside a transaction; empty where the transaction locks anyway.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>How many rows one INSERT of the ledger takes: each statement is a round trip.</summary>
    public virtual int RowsPerInsert => 500;

    /// <summary>The table's full name, quoted.</summary>
    public abstract string Table(string name);

    /// <summary>The table's name as the ledger has it: two spellings of one table are one name.</summary>
    public virtual string LedgerName(string table) => table;

    /// <summary>Returns a query whose result is 1 when a table has a column, else 0.</summary>
    public abstract string HasColumn(string table, string column);

    /// <summary>The type of a column.</summary>
    public abstract string TypeName(FeedColumn column);

    /// <summary>Returns whether a column that this feed did not create can store its values unchanged.</summary>
    public abstract bool Accepts(FeedColumn column, TableColumn existing);

    /// <summary>Returns whether a column can get the wider type with every value kept.</summary>
    public virtual bool CanWiden(FeedColumn from, FeedColumn to) => TypeWidening.IsAllowed(from, to);

    /// <summary>Returns the statement for <see cref="WidenColumn"/>, or null when none is needed.</summary>
    protected abstract string? Widen(string table, WidenColumn change);

    /// <summary>Returns the statements for a change.</summary>
    public IEnumerable<string> Statements(string table, TableChange change)
    {
        if (change is ForgetFeeds forget)
            return Forget(table, forget);
        if (change is TakeOverLedger take) // executed with parameters elsewhere; this text is for the plan
            return [$"-- the ledger takes over {take.Takeover.Describe(take.Feed)}: they are not loaded again"];
        var name = Table(table);
        string? statement = change switch
        {
            CreateTable c => Create(name, c),
            AddColumn a => $"ALTER TABLE {name} ADD COLUMN {IfNotExists}{SqlIdentifier.Quote(a.Column.Name)} {TypeName(a.Column)}",
            RenameColumn r => $"ALTER TABLE {name} RENAME COLUMN {SqlIdentifier.Quote(r.From)} TO {SqlIdentifier.Quote(r.To)}",
            WidenColumn w => Widen(table, w),
            CreateKeyIndex k => $"CREATE UNIQUE INDEX {IndexName(table)} ON {name} ({SqlIdentifier.List(k.Key)})",
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, null),
        };
        return statement is null ? [] : [statement];
    }

    /// <summary>INSERT … SELECT that updates rows whose key is there. Columns outside the feed keep their values.</summary>
    public string Upsert(string table, IReadOnlyList<string> columns, IReadOnlyList<string> key, string source)
    {
        var updates = columns
            .Where(c => !key.Contains(c, NameComparer) && c != AuditColumn.CreatedAt.Name)
            .DefaultIfEmpty(key[0]) // a row of key columns alone counts as updated, too
            .Select(c => $"{SqlIdentifier.Quote(c)} = excluded.{SqlIdentifier.Quote(c)}");
        var action = "UPDATE SET " + string.Join(", ", updates);
        return $"INSERT INTO {Table(table)} ({SqlIdentifier.List(columns)}) {source} ON CONFLICT ({SqlIdentifier.List(key)}) DO {action}";
    }

    /// <summary>Returns the quoted name of the unique index on the key of an Upsert table that was not created by a feed.</summary>
    protected abstract string IndexName(string table);

    /// <summary><c>IF NOT EXISTS </c> where ADD COLUMN supports it.</summary>
    protected virtual string IfNotExists => "";

    private string[] Forget(string table, ForgetFeeds change)
    {
        var rows = $"WHERE table_name = '{LedgerName(table).Replace("'", "''", StringComparison.Ordinal)}' AND feed_id IN ({string.Join(", ", change.Feeds.Select(f => $"'{f:D}'"))})";
        return
        [
            $"UPDATE {Table(LedgerCommands.LockTable)} SET {LedgerCommands.Forgotten} {rows}",
            $"DELETE FROM {Table(LedgerCommands.LoadTable)} {rows}",
            $"DELETE FROM {Table(LedgerCommands.FileTable)} {rows}",
        ];
    }

    private string Create(string name, CreateTable change)
    {
        var lines = change.Columns.Select(c => $"    {SqlIdentifier.Quote(c.Name)} {TypeName(c)}{(c.Nullable ? "" : " NOT NULL")}");
        if (change.Key.Count > 0)
            lines = lines.Append($"    PRIMARY KEY ({SqlIdentifier.List(change.Key)})");
        return $"CREATE TABLE {name} (\n{string.Join(",\n", lines)}\n)";
    }
}
