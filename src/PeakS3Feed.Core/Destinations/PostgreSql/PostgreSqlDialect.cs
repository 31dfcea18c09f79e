using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>PostgreSQL's SQL.</summary>
internal sealed class PostgreSqlDialect(string schema) : SqlDialect
{
    /// <summary>The longest identifier in bytes: NAMEDATALEN - 1.</summary>
    public const int MaxIdentifierBytes = 63;

    /// <summary>The type of a run's id in new tables: 16 bytes instead of 37. Tables of earlier versions have text.</summary>
    public const string RunIdType = "uuid";

    /// <summary>The system columns that each table has; no other column may have such a name (documentation, 5.6 System Columns).</summary>
    public static IReadOnlySet<string> SystemColumns { get; }
        = new HashSet<string>(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"], StringComparer.OrdinalIgnoreCase);

    public override StringComparer NameComparer => StringComparer.Ordinal;

    public override string KeyType => "text COLLATE \"C\"";

    public override string ForUpdate => " FOR UPDATE";

    public override string Table(string name) => $"{SqlIdentifier.Quote(schema)}.{SqlIdentifier.Quote(name)}";

    public override string HasColumn(string table, string column)
        => $"""
            SELECT count(*) FROM pg_attribute
            WHERE attrelid = to_regclass('{Table(table).Replace("'", "''", StringComparison.Ordinal)}') AND attname = '{column}' AND NOT attisdropped
            """;

    public override string TypeName(FeedColumn column) => column.Type switch
    {
        ColumnType.Text when column == AuditColumn.RequestId => RunIdType,
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
            || (column == AuditColumn.RequestId && existing.Type is "text")
            || (column.Type == ColumnType.Decimal && existing.Type is "numeric");
}
