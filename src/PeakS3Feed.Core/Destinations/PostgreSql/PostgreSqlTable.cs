using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>Reads a table's columns and keys from PostgreSQL's catalog.</summary>
internal sealed class PostgreSqlTable(NpgsqlConnection connection, string schema, SqlDialect dialect)
{
    public async Task<bool> ExistsAsync(string table, CancellationToken cancellationToken)
        => await KindAsync(table, cancellationToken) is not null;

    public async Task<TableSnapshot> InspectAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        switch (await KindAsync(target.Table, cancellationToken))
        {
            case null:
                return new TableSnapshot();
            case 'r' or 'p':
                break;
            case var kind:
                var name = kind switch { 'v' => "view", 'm' => "materialized view", 'f' => "foreign table", _ => "relation" };
                throw TableErrors.NotATable(target, name);
        }
        return new TableSnapshot
        {
            Exists = true,
            HasRows = await HasRowsAsync(target.Table, cancellationToken),
            Columns = await ColumnsAsync(target.Table, cancellationToken),
            UniqueKeys = await UniqueKeysAsync(target.Table, cancellationToken),
        };
    }

    private async Task<char?> KindAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2", table);
        return await command.ExecuteScalarAsync(cancellationToken) is string kind ? kind[0] : null;
    }

    private async Task<bool> HasRowsAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM {dialect.Table(table)})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<List<TableColumn>> ColumnsAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """, table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<TableColumn>();
        while (await reader.ReadAsync(cancellationToken))
            columns.Add(new TableColumn(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        return columns;
    }

    private async Task<List<IReadOnlySet<string>>> UniqueKeysAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT i.indexrelid::bigint, a.attname::text
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL unnest(i.indkey[0:i.indnkeyatts - 1]) AS k(attnum)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
            WHERE n.nspname = $1 AND c.relname = $2 AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
            """, table);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new Dictionary<long, HashSet<string>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!keys.TryGetValue(reader.GetInt64(0), out var names))
                keys.Add(reader.GetInt64(0), names = new HashSet<string>(StringComparer.Ordinal));
            names.Add(reader.GetString(1));
        }
        return [.. keys.Values];
    }

    private NpgsqlCommand Command(string sql, string table)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        return command;
    }
}
