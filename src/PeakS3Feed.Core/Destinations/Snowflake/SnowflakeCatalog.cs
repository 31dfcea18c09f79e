using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Reads which tables and columns a schema has (Snowflake SQL reference, "Information Schema").</summary>
internal sealed class SnowflakeCatalog(IWarehouseChannel channel, WarehouseDialect dialect) : IWarehouseCatalog
{
    public async Task<IReadOnlyDictionary<string, CatalogTable>> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        List<(string, string)> values = [("schema", dialect.SchemaName), .. names.Select((n, i) => (Parameter(i), dialect.Fold(n)))];
        // Both views are given the names: each reads the whole schema otherwise.
        var wanted = string.Join(", ", names.Select((_, i) => ":" + Parameter(i)));
        var query = new WarehouseStatement(
            $"""
            SELECT t.table_name, t.table_type, c.column_name, c.data_type, c.character_maximum_length, c.numeric_precision, c.numeric_scale,
                c.is_nullable, CASE WHEN c.column_default IS NULL THEN 0 ELSE 1 END, c.datetime_precision
            FROM INFORMATION_SCHEMA.TABLES t
            LEFT JOIN INFORMATION_SCHEMA.COLUMNS c ON c.table_schema = :schema AND c.table_name = t.table_name AND c.table_name IN ({wanted})
            WHERE t.table_schema = :schema AND t.table_name IN ({wanted})
            ORDER BY t.table_name, c.ordinal_position
            """,
            values);
        var tables = new Dictionary<string, CatalogTable>(StringComparer.Ordinal);
        await foreach (var row in channel.QueryAsync(query, cancellationToken))
        {
            if (!tables.TryGetValue(row[0]!, out var table))
                tables.Add(row[0]!, table = new CatalogTable(row[0]!, row[1] ?? ""));
            if (row[2] is { } column)
            {
                var type = SnowflakeDialect.ReadType(row[3]!, row[4], row[5], row[6], row[9]);
                table.Add(new TableColumn(column, type, Required: row[7] == "NO" && row[8] == "0"));
            }
        }
        foreach (var table in tables.Values)
            table.KeepFolded(dialect.Fold);
        return tables;
    }

    public async Task<IReadOnlyList<string>> FindAsync(string prefix, CancellationToken cancellationToken)
    {
        var query = new WarehouseStatement(
            "SELECT table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = :schema AND LEFT(table_name, CAST(:length AS INTEGER)) = :prefix "
            + "ORDER BY table_name",
            ("schema", dialect.SchemaName), ("length", prefix.Length.ToString(CultureInfo.InvariantCulture)), ("prefix", dialect.Fold(prefix)));
        return await channel.QueryAsync(query, cancellationToken).Select(r => r[0]!).ToListAsync(cancellationToken);
    }

    private static string Parameter(int index) => string.Create(CultureInfo.InvariantCulture, $"t{index}");
}
