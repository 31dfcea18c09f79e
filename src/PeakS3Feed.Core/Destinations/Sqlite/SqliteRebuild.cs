using System.Data.Common;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// Gives columns another type by creating their table again (https://www.sqlite.org/lang_altertable.html, section 7). It is part of the
/// load's transaction, on a connection that was prepared for it before the transaction began: <see cref="SqliteRebuildMode"/>.
/// </summary>
internal sealed class SqliteRebuild(SqliteFile file, SqlCommands commands, LoadTarget target, SqlDialect dialect)
{
    private const string TemporaryName = "peaks3feed_rebuild";
    private (long Count, ulong Hash) _brokenBefore;

    /// <summary>Whether the table was created again in this transaction.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Creates the table again; the columns have their new names already.</summary>
    public async Task RunAsync(IReadOnlyList<WidenColumn> changes, CancellationToken cancellationToken)
    {
        IReadOnlyList<WidenColumn> needed = [.. changes.Where(c => SqliteConversion.Find(c) is not null)];
        if (needed.Count == 0)
            return;
        var table = await SqliteTableParts.ReadAsync(commands, target, cancellationToken);
        var plan = Plan(table, needed);
        foreach (var change in needed)
            await ThrowIfMisfitAsync(table, change, cancellationToken);
        if (!IsDone)
            _brokenBefore = await BrokenKeysAsync(cancellationToken);
        try
        {
            file.Execute(plan.Create);
            file.Execute(plan.Copy);
            file.Execute($"DROP TABLE {SqlIdentifier.Quote(table.Name)}");
            // Otherwise the rename fails where views refer to the dropped table.
            file.Execute("PRAGMA legacy_alter_table = ON");
            file.Execute($"ALTER TABLE {SqlIdentifier.Quote(plan.Name)} RENAME TO {SqlIdentifier.Quote(table.Name)}");
            file.Execute("PRAGMA legacy_alter_table = OFF");
            foreach (var statement in table.Dependents)
                file.Execute(statement);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_ERROR)
        {
            throw TableErrors.CannotRetype(target, needed[0].From, needed[0].To, e.Message, e);
        }
        await table.RestoreNumbersAsync(commands, cancellationToken);
        IsDone = true;
        await CheckKeysAsync(needed[0], cancellationToken);
    }

    /// <summary>
    /// Throws when the database has broken foreign keys that it did not have before: nothing checks them while a table is created again.
    /// </summary>
    public async Task CheckKeysAsync(WidenColumn? change, CancellationToken cancellationToken)
    {
        if (!IsDone || await BrokenKeysAsync(cancellationToken) == _brokenBefore)
            return;
        throw change is null
            ? SqliteErrors.ForeignKeysBroken(target)
            : TableErrors.CannotRetype(target, change.From, change.To, "rows would refer to rows that do not exist (foreign key)");
    }

    private (string Name, string Create, string Copy) Plan(SqliteTableParts table, IReadOnlyList<WidenColumn> changes)
    {
        var text = CreateTableText.Read(table.Sql, [.. table.Columns.Select(c => (c.Name, c.Type))])
            ?? throw SqliteErrors.CannotRebuild(target, "its CREATE TABLE statement is written in a way that cannot be changed safely");
        var types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var change in changes)
        {
            var column = table.Columns.First(c => string.Equals(c.Name, change.To.Name, StringComparison.OrdinalIgnoreCase));
            if (column.IsGenerated)
                throw SqliteErrors.CannotRebuild(target, $"column \"{column.Name}\" is generated");
            if (column.IsRowId && text.HasAutoIncrement)
                throw SqliteErrors.CannotRebuild(target, $"column \"{column.Name}\" is AUTOINCREMENT, which numbers the rows");
            values.Add(column.Name, SqliteConversion.Find(change)!.Value);
            if (!dialect.Accepts(change.To, new TableColumn(column.Name, column.Type, Required: false)))
                types.Add(column.Name, dialect.TypeName(change.To));
        }
        var name = table.FreeName(TemporaryName);
        IReadOnlyList<string> kept = [.. table.Columns.Where(c => !c.IsGenerated).Select(c => c.Name)];
        var number = table.HiddenRowId(values.Keys);
        var into = string.Join(", ", kept.Select(SqlIdentifier.Quote).Prepend(number).OfType<string>());
        var from = string.Join(", ", kept.Select(c => values.GetValueOrDefault(c, SqlIdentifier.Quote(c))).Prepend(number).OfType<string>());
        var copy = $"INSERT INTO {SqlIdentifier.Quote(name)} ({into}) SELECT {from} FROM {SqlIdentifier.Quote(table.Name)}";
        return (name, text.With(name, types), copy);
    }

    private async Task ThrowIfMisfitAsync(SqliteTableParts table, WidenColumn change, CancellationToken cancellationToken)
    {
        var column = SqlIdentifier.Quote(change.To.Name);
        await using var command = commands.Create(
            $"""
            SELECT CAST({column} AS TEXT) FROM {SqlIdentifier.Quote(table.Name)}
            WHERE {column} IS NOT NULL AND ({SqliteConversion.Find(change)!.Misfit}) LIMIT 1
            """);
        if (await commands.QueryAsync(command, r => r.GetString(0), cancellationToken) is [var value])
            throw TableErrors.CannotRetype(target, change.From, change.To, $"the table holds \"{value}\", which is not such a value");
    }

    // The number of broken keys and a sum of their hashes, because a table that was created again changes the order.
    private async Task<(long Count, ulong Hash)> BrokenKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = commands.Create("PRAGMA foreign_key_check");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var (count, hash) = (0L, 0UL);
            while (await reader.ReadAsync(cancellationToken))
            {
                count++;
                hash += Hash(reader);
            }
            return (count, hash);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            return (-1, 0); // a foreign key to columns that are not unique can be checked neither before nor after
        }
    }

    private static ulong Hash(DbDataReader row)
    {
        var text = System.Text.Encoding.UTF8.GetBytes($"{row.GetString(0)}\0{row.GetValue(1)}\0{row.GetString(2)}\0{row.GetInt64(3)}");
        return BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(text));
    }
}
