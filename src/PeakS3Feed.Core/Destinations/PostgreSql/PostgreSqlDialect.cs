using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>PostgreSQL's SQL.</summary>
internal sealed class PostgreSqlDialect(string schema) : SqlDialect
{
    /// <summary>The longest identifier in bytes: NAMEDATALEN - 1.</summary>
    public const int MaxIdentifierBytes = 63;

    /// <summary>The system columns that each table has; no other column may have such a name (documentation, 5.6 System Columns).</summary>
    public static IReadOnlySet<string> SystemColumns { get; }
        = new HashSet<string>(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"], StringComparer.OrdinalIgnoreCase);

    public override StringComparer NameComparer => StringComparer.Ordinal;

    public override string KeyType => "text COLLATE \"C\"";

    public override string ForUpdate => " FOR UPDATE";

    protected override string IfNotExists => "IF NOT EXISTS ";

    public override string Table(string name) => $"{SqlIdentifier.Quote(schema)}.{SqlIdentifier.Quote(name)}";

    public override string HasColumn(string table, string column)
        => $"""
            SELECT count(*) FROM pg_attribute
            WHERE attrelid = to_regclass('{Table(table).Replace("'", "''", StringComparison.Ordinal)}') AND attname = '{column}' AND NOT attisdropped
            """;

    public override string TypeName(FeedColumn column) => column.Type switch
    {
        ColumnType.Text => "text",
        ColumnType.Boolean => "boolean",
        ColumnType.BigInt => "bigint",
        ColumnType.Decimal => $"numeric(38,{column.Scale})",
        ColumnType.Double => "double precision",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamp without time zone",
        ColumnType.TimestampTz => "timestamp with time zone",
        ColumnType.Json => "jsonb",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    public override bool Accepts(FeedColumn column, TableColumn existing)
        => existing.Type == TypeName(column)
            || (column.Type == ColumnType.Text && existing.Type is "character varying")
            || (column.Type == ColumnType.Decimal && existing.Type is "numeric");

    protected override string Widen(string table, WidenColumn change)
    {
        var column = SqlIdentifier.Quote(change.To.Name);
        var type = TypeName(change.To);
        // The server formats a date by its DateStyle.
        var value = change is { From.Type: ColumnType.Date, To.Type: ColumnType.Text }
            ? $"CASE WHEN isfinite({column}) THEN to_char({column}, 'YYYY-MM-DD') ELSE {column}::text END"
            : $"{column}::{type}";
        return $"ALTER TABLE {Table(table)} ALTER COLUMN {column} TYPE {type} USING {value}";
    }

    protected override string IndexName(string table) => SqlIdentifier.Quote(Shorten(table, MaxIdentifierBytes - KeySuffix.Length) + KeySuffix);

    private const string KeySuffix = "_peaks3feed_key";

    private static string Shorten(string name, int bytes)
    {
        while (System.Text.Encoding.UTF8.GetByteCount(name) > bytes)
            name = name[..^1];
        return name;
    }
}
