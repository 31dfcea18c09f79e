using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.TestKinds;

/// <summary>The statements of <see cref="ScriptSession"/>. Values are parameters; names are quoted by <see cref="Quote"/>.</summary>
internal sealed class ScriptSql(LoadTarget target) : IColumnTypes
{
    public const string CreateLedger =
        """
        CREATE TABLE IF NOT EXISTS peaks3feed_lock (feed_id TEXT, table_name TEXT, epoch INTEGER, sequence INTEGER, mode TEXT, schema_json TEXT, signature TEXT,
            run_id TEXT, host TEXT, process_id INTEGER, claimed_at TEXT, PRIMARY KEY (feed_id, table_name));
        CREATE TABLE IF NOT EXISTS peaks3feed_load (feed_id TEXT, table_name TEXT, sequence INTEGER, load_id TEXT, run_id TEXT, mode TEXT, row_count INTEGER,
            object_count INTEGER, byte_count INTEGER, committed_at TEXT);
        CREATE TABLE IF NOT EXISTS peaks3feed_file (feed_id TEXT, table_name TEXT, bucket TEXT, object_key TEXT, etag TEXT, size INTEGER, generation INTEGER);
        """;

    public const string Claim =
        """
        INSERT OR IGNORE INTO peaks3feed_lock (feed_id, table_name, epoch, sequence) VALUES ($feed, $table, 0, 0);
        UPDATE peaks3feed_lock SET epoch = epoch + 1, mode = $mode, run_id = $run, host = $host, process_id = $process, claimed_at = $at WHERE feed_id = $feed AND table_name = $table;
        """;

    public StringComparer NameComparer => StringComparer.OrdinalIgnoreCase;

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public string LedgerName(string table) => table;

    public string TypeName(FeedColumn column) => column.Type switch { ColumnType.BigInt or ColumnType.Boolean => "INTEGER", ColumnType.Double => "REAL", _ => "TEXT" };

    public bool Accepts(FeedColumn column, TableColumn existing) => string.Equals(existing.Type, TypeName(column), StringComparison.OrdinalIgnoreCase);

    public bool CanWiden(FeedColumn from, FeedColumn to) => false;

    /// <summary>The staging tables of a load: its rows, and its objects for the ledger.</summary>
    public static (string Rows, string Files, string Changed) Staging(LoadName name) => (Quote($"stage_{name}"), Quote($"files_{name}"), Quote($"changed_{name}"));

    /// <summary>One script: first the checks, each a named constraint that fails, then what the load does.</summary>
    public string Commit(LoadCommit commit, LoadName name)
    {
        var (rows, files, changed) = Staging(name);
        var table = Quote(target.Table);
        List<string> script =
        [
            "BEGIN IMMEDIATE",
            """
            CREATE TEMP TABLE must (load_id INTEGER CONSTRAINT load_id CHECK (load_id = 1), epoch INTEGER CONSTRAINT epoch CHECK (epoch = 1),
                sequence INTEGER CONSTRAINT sequence CHECK (sequence = 1), row_count INTEGER CONSTRAINT row_count CHECK (row_count = 1),
                columns INTEGER CONSTRAINT columns CHECK (columns = 1))
            """,
            "INSERT INTO temp.must (load_id) SELECT NOT EXISTS (SELECT 1 FROM peaks3feed_load WHERE feed_id = $feed AND table_name = $table AND load_id = $id)", // check: load id
            "INSERT INTO temp.must (epoch) SELECT coalesce((SELECT epoch = $epoch FROM peaks3feed_lock WHERE feed_id = $feed AND table_name = $table), 0)", // check: epoch
            "INSERT INTO temp.must (sequence) SELECT coalesce((SELECT sequence = $before FROM peaks3feed_lock WHERE feed_id = $feed AND table_name = $table), 0)",
            $"INSERT INTO temp.must (row_count) SELECT $rows = (SELECT count(*) FROM {rows})", // check: count
            "INSERT INTO temp.must (columns) SELECT $columns = (SELECT coalesce(group_concat(name || ' ' || type, ','), '') FROM pragma_table_info($table))",
            "DROP TABLE temp.must",
            .. commit.Preparation.Fit.Changes.Select(c => Statement(c, table)),
        ];
        if (commit.Order.Spec.Mode == LoadMode.Replace)
            script.AddRange([$"DELETE FROM {table}", "DELETE FROM peaks3feed_file WHERE feed_id = $feed AND table_name = $table"]);
        if (commit.Preparation.Changed is not null)
            script.Add($"DELETE FROM {table} WHERE {Quote(AuditColumn.FileName.Name)} IN (SELECT uri FROM {changed})");
        script.AddRange(
        [
            Insert(commit, table, rows),
            "INSERT INTO peaks3feed_load VALUES ($feed, $table, $sequence, $id, $run, $mode, $rows, $objects, $bytes, $at)",
            $"INSERT INTO peaks3feed_file SELECT $feed, $table, bucket, object_key, etag, size, $sequence FROM {files}",
            "UPDATE peaks3feed_lock SET sequence = $sequence, schema_json = $schema, signature = $signature WHERE feed_id = $feed AND table_name = $table",
            $"DROP TABLE {rows}", $"DROP TABLE {files}", $"DROP TABLE {changed}",
            "COMMIT",
        ]);
        return string.Join(";\n", script);
    }

    private string Statement(TableChange change, string table) => change switch
    {
        CreateTable create => $"CREATE TABLE {table} ({string.Join(", ", create.Columns.Select(c => $"{Quote(c.Name)} {TypeName(c)}"))}"
            + $"{(create.Key.Count > 0 ? $", UNIQUE ({string.Join(", ", create.Key.Select(Quote))})" : "")})",
        AddColumn add => $"ALTER TABLE {table} ADD COLUMN {Quote(add.Column.Name)} {TypeName(add.Column)}",
        RenameColumn rename => $"ALTER TABLE {table} RENAME COLUMN {Quote(rename.From)} TO {Quote(rename.To)}",
        CreateKeyIndex key => $"CREATE UNIQUE INDEX {Quote($"{target.Table}_key")} ON {table} ({string.Join(", ", key.Key.Select(Quote))})",
        _ => throw new NotSupportedException(change.GetType().Name),
    };

    private static string Insert(LoadCommit commit, string table, string rows)
    {
        IReadOnlyList<string> audit = [.. AuditColumn.For(commit.Order.Spec).Select(c => c.Name)];
        IReadOnlyList<string> values = [.. audit.Select(a => a == AuditColumn.FileName.Name ? "f" : a == AuditColumn.RequestId.Name ? "$run" : "$at")];
        IReadOnlyList<string> columns = [.. commit.Schema.Columns.Select(c => Quote(c.Name))];
        var all = string.Join(", ", columns.Concat(audit.Select(Quote)));
        var upsert = commit.Order.Spec.Mode != LoadMode.Upsert ? ""
            : $" ON CONFLICT ({string.Join(", ", commit.Order.Spec.Key.Select(Quote))}) DO UPDATE SET {string.Join(", ", columns.Select(c => $"{c} = excluded.{c}"))}";
        return $"INSERT INTO {table} ({all}) SELECT {string.Join(", ", columns.Concat(values))} FROM {rows} WHERE true ORDER BY o, r{upsert}";
    }
}
