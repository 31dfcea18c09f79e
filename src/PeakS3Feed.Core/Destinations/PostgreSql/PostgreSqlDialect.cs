using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>PostgreSQL's SQL.</summary>
internal sealed class PostgreSqlDialect(string schema) : SqlDialect
{
    /// <summary>The longest identifier in bytes: NAMEDATALEN - 1.</summary>
    public const int MaxIdentifierBytes = 63;

    public override StringComparer NameComparer => StringComparer.Ordinal;

    public override string KeyType => "text COLLATE \"C\"";

    public override string ForUpdate => " FOR UPDATE";

    protected override string IfNotExists => "IF NOT EXISTS ";

    public override string Table(string name) => $"{SqlIdentifier.Quote(schema)}.{SqlIdentifier.Quote(name)}";

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
        => existing.SqlType == TypeName(column)
            || (column.Type == ColumnType.Text && existing.SqlType is "character varying")
            || (column.Type == ColumnType.Decimal && existing.SqlType is "numeric");

    public override bool CanWiden(FeedColumn from, FeedColumn to) => (from.Type, to.Type) switch
    {
        (ColumnType.BigInt, ColumnType.Decimal) => to.Scale <= 19,
        (ColumnType.Decimal, ColumnType.Decimal) => to.Scale > from.Scale, // the server checks the digits before the point
        (ColumnType.Date, ColumnType.Timestamp) => true,
        (ColumnType.Boolean or ColumnType.BigInt or ColumnType.Decimal or ColumnType.Date or ColumnType.Json, ColumnType.Text) => true,
        _ => false,
    };

    protected override string Widen(string table, WidenColumn change)
    {
        var column = SqlIdentifier.Quote(change.To.Name);
        var type = TypeName(change.To);
        return $"ALTER TABLE {Table(table)} ALTER COLUMN {column} TYPE {type} USING {column}::{type}";
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
