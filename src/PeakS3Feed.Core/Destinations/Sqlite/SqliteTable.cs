using System.Data.Common;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Reads what SQLite's schema says of a table.</summary>
internal sealed class SqliteTable(SqlCommands commands)
{
    public async Task<bool> ExistsAsync(string table, CancellationToken cancellationToken) => await KindAsync(table, cancellationToken) is not null;

    public async Task<TableSnapshot> InspectAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        switch (await KindAsync(target.Table, cancellationToken))
        {
            case null:
                return new TableSnapshot();
            case "table":
                break;
            case var kind:
                throw TableErrors.NotATable(target, kind);
        }
        return new TableSnapshot
        {
            Exists = true,
            HasRows = (await QueryAsync(
                $"SELECT 1 FROM {SqlIdentifier.Quote(target.Table)} LIMIT 1", r => r.GetInt64(0), null, cancellationToken)).Count > 0,
            Columns = await QueryAsync(
                "SELECT name, type, \"notnull\" AND dflt_value IS NULL AND pk = 0 FROM pragma_table_info(@name)",
                r => new TableColumn(r.GetString(0), r.GetString(1), r.GetInt64(2) != 0),
                target.Table, cancellationToken),
            UniqueKeys = await UniqueKeysAsync(target.Table, cancellationToken),
        };
    }

    private async Task<string?> KindAsync(string table, CancellationToken cancellationToken)
        => (await QueryAsync(
            "SELECT type FROM sqlite_schema WHERE type IN ('table', 'view') AND name = @name COLLATE NOCASE",
            r => r.GetString(0), table, cancellationToken)).FirstOrDefault();

    private async Task<List<IReadOnlySet<string>>> UniqueKeysAsync(string table, CancellationToken cancellationToken)
    {
        // An INTEGER PRIMARY KEY has no index.
        var primary = await QueryAsync("SELECT name FROM pragma_table_info(@name) WHERE pk > 0", r => r.GetString(0), table, cancellationToken);
        List<List<string>> keys = [primary];
        var indexes = await QueryAsync(
            "SELECT name FROM pragma_index_list(@name) WHERE \"unique\" AND NOT partial", r => r.GetString(0), table, cancellationToken);
        foreach (var index in indexes)
        {
            keys.Add(await QueryAsync(
                "SELECT name FROM pragma_index_info(@name)", r => r.IsDBNull(0) ? "" : r.GetString(0), index, cancellationToken));
        }
        return [.. keys.Where(k => k.Count > 0).Select(k => (IReadOnlySet<string>)k.ToHashSet(StringComparer.OrdinalIgnoreCase))];
    }

    private async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, string? name, CancellationToken cancellationToken)
    {
        await using var command = commands.Create(sql);
        if (name is not null)
            SqlCommands.Add(command, "name", name);
        return await commands.QueryAsync(command, read, cancellationToken);
    }
}
