using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Statements;

/// <summary>Runs CREATE TABLE, ALTER TABLE and DROP TABLE, each in a transaction of its own.</summary>
internal static class TableRunner
{
    public static async Task<SnowflakeResult> RunAsync(StatementSession session, TableStatement statement, CancellationToken ct)
    {
        var (table, name) = (session.Scope.Table(statement.Name, "this operation"), session.Scope.FullName(statement.Name));
        // Names that the table's own statement did not have, such as the table's full name, are known from here on.
        await session.Parts.Catalog.AddAsync(session.Scope.LongNames, ct);
        await using var transaction = await session.BeginAsync(ct);
        // Of two that create a table at the same time, PostgreSQL would refuse one, IF NOT EXISTS or not.
        await session.ExecuteAsync($"SELECT pg_advisory_xact_lock(750016, hashtext({SqlTokens.Literal(name)}))", ct);
        var exists = await session.ReadValueAsync("SELECT to_regclass($1)::text", ct, table) is not null;
        if (!exists && statement is not (CreateTableStatement or DropTableStatement { IfExists: true }))
            throw SnowflakeErrors.Missing("Table", name);
        var status = statement switch
        {
            CreateTableStatement create => await CreateAsync(session, create, (table, name), exists, ct),
            DropTableStatement => await DropAsync(session, (table, name), exists, ct),
            _ => await AlterAsync(session, statement, table, ct),
        };
        await transaction.CommitAsync(ct);
        return SnowflakeResult.From("status", status);
    }

    private static async Task<string> CreateAsync(
        StatementSession session, CreateTableStatement create, (string Quoted, string Name) table, bool exists, CancellationToken ct)
    {
        if (exists)
            return create.IfMissing ? $"{create.Name[^1]} already exists, statement succeeded." : throw SnowflakeErrors.Exists(table.Name);
        var columns = create.Columns.Select(c => $"{session.Scope.Quote(c.Name)} {c.Type.Postgres}{(c.IsNullable ? "" : " NOT NULL")}");
        await session.ExecuteAsync($"CREATE TABLE {table.Quoted} ({string.Join(", ", columns)})", ct);
        if (create.IsTransient)
            await session.ExecuteAsync($"COMMENT ON TABLE {table.Quoted} IS 'transient'", ct);
        if (create.Rows is not null)
            await session.ExecuteAsync($"INSERT INTO {table.Quoted} {create.Rows}", ct, session.Request.Bindings);
        await session.Parts.Catalog.AddAsync(session.Scope.LongNames, ct);
        return $"Table {create.Name[^1]} successfully created.";
    }

    private static async Task<string> DropAsync(
        StatementSession session, (string Quoted, string Name) table, bool exists, CancellationToken ct)
    {
        var last = table.Name.Split('.')[^1];
        if (!exists)
            return $"Drop statement executed successfully ({last} already dropped).";
        await session.ExecuteAsync("DELETE FROM snowflake_account.loaded_files WHERE table_id = to_regclass($1)", ct, table.Quoted);
        await session.ExecuteAsync($"DROP TABLE {table.Quoted}", ct);
        return $"{last} successfully dropped.";
    }

    private static async Task<string> AlterAsync(StatementSession session, TableStatement statement, string table, CancellationToken ct)
    {
        var sql = statement switch
        {
            AddColumnStatement add => $"ADD COLUMN {(add.IfMissing ? "IF NOT EXISTS " : "")}{session.Scope.Quote(add.Column)} {add.Type.Postgres}",
            RenameColumnStatement rename => $"RENAME COLUMN {session.Scope.Quote(rename.From)} TO {session.Scope.Quote(rename.To)}",
            ChangeTypeStatement change => await ChangeAsync(session, change, table, ct),
            _ => throw new InvalidOperationException($"Nothing runs {statement.GetType().Name}."),
        };
        await session.ExecuteAsync($"ALTER TABLE {table} {sql}", ct);
        await session.Parts.Catalog.AddAsync(session.Scope.LongNames, ct);
        return "Statement executed successfully.";
    }

    // A VARCHAR gets longer, a NUMBER gets more digits before the point.
    private static async Task<string> ChangeAsync(StatementSession session, ChangeTypeStatement change, string table, CancellationToken ct)
    {
        var column = session.Scope.Quote(change.Column);
        var found = await session.ReadValueAsync(
            """
            SELECT format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped AND attnum > 0
            """, ct, table, column[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal));
        var from = SnowflakeType.FromPostgres(found ?? throw SnowflakeErrors.InvalidIdentifier(change.Column));
        var fits = (from.Name, change.Type.Name) switch
        {
            ("TEXT", "TEXT") => change.Type.Length >= from.Length,
            ("NUMBER", "NUMBER") => change.Type.Scale == from.Scale && change.Type.Precision >= from.Precision,
            var (old, other) => old == other,
        };
        return fits
            ? $"ALTER COLUMN {column} TYPE {change.Type.Postgres}"
            : throw SnowflakeErrors.CannotChange(change.Column, from.Text, change.Type.Text);
    }
}
