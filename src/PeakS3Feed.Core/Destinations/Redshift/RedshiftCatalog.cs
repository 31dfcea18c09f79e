using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Reads which tables and columns a schema has (Redshift Database Developer Guide, SVV_COLUMNS and SVV_TABLES).</summary>
internal sealed class RedshiftCatalog(IWarehouseChannel channel, WarehouseDialect dialect) : IWarehouseCatalog
{
    public async Task<IReadOnlyDictionary<string, CatalogTable>> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        List<(string, string)> values = [("schema", dialect.SchemaName), .. names.Select((n, i) => (Parameter(i), dialect.Fold(n)))];
        // Both views are given the schema: for each external schema that they must read, they call its data catalog.
        var query = new WarehouseStatement(
            $"""
            SELECT t.table_name, t.table_type, c.column_name, c.data_type, c.character_maximum_length, c.numeric_precision, c.numeric_scale,
                c.is_nullable, CASE WHEN c.column_default IS NULL THEN 0 ELSE 1 END
            FROM svv_tables t LEFT JOIN svv_columns c ON c.table_schema = :schema AND c.table_name = t.table_name
            WHERE t.table_schema = :schema AND t.table_name IN ({string.Join(", ", names.Select((_, i) => ":" + Parameter(i)))})
            ORDER BY t.table_name, c.ordinal_position
            """,
            values);
        var tables = new Dictionary<string, CatalogTable>(StringComparer.Ordinal);
        await foreach (var row in channel.QueryAsync(query, cancellationToken))
        {
            var name = row[0]!.TrimEnd();
            if (!tables.TryGetValue(name, out var table))
                tables.Add(name, table = new CatalogTable(name, row[1] ?? ""));
            if (row[2] is { } column)
                table.Add(new TableColumn(column, Type(row), Required: row[7] == "NO" && row[8] == "0"));
        }
        return tables;
    }

    public async Task<IReadOnlyList<string>> FindAsync(string prefix, CancellationToken cancellationToken)
    {
        var query = new WarehouseStatement(
            "SELECT table_name FROM svv_tables WHERE table_schema = :schema AND LEFT(table_name, CAST(:length AS INTEGER)) = :prefix "
            + "ORDER BY table_name",
            ("schema", dialect.SchemaName), ("length", prefix.Length.ToString(CultureInfo.InvariantCulture)), ("prefix", prefix));
        return await channel.QueryAsync(query, cancellationToken).Select(r => r[0]!.TrimEnd()).ToListAsync(cancellationToken);
    }

    private static string Parameter(int index) => string.Create(CultureInfo.InvariantCulture, $"t{index}");

    private static string Type(IReadOnlyList<string?> row) => row[3]!.TrimEnd() switch
    {
        "character varying" or "character" when row[4] is { } length => $"{row[3]!.TrimEnd()}({length})",
        "numeric" when row[5] is { } precision => $"numeric({precision},{row[6]})",
        var type => type,
    };
}
