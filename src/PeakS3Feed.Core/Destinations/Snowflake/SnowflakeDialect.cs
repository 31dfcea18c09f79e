using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// Snowflake's names and types (Snowflake SQL reference, "Object identifiers", "Data types"). Pure functions.
/// </summary>
/// <param name="schema">The schema of all tables, as the definition has it.</param>
internal sealed class SnowflakeDialect(string schema) : WarehouseDialect
{
    /// <summary>The longest identifier in characters. Counted in bytes here, which is the narrower limit.</summary>
    public const int MaxIdentifierBytes = 255;

    /// <summary>The longest VARCHAR in bytes of UTF-8: 16 MiB.</summary>
    public const int MaxTextBytes = 16 * 1024 * 1024;

    // A number has at most 37 digits after the point.
    private const int MaxScale = 37;

    private const string Varchar = "VARCHAR";

    /// <summary>The names of this program's columns in staging tables.</summary>
    public static IReadOnlySet<string> ReservedNames { get; } = new HashSet<string>(
        [WarehouseNames.Ordinal, WarehouseNames.Row, WarehouseNames.Rank], StringComparer.OrdinalIgnoreCase);

    public override int MaxNameBytes => MaxIdentifierBytes;

    public override string SchemaName => SnowflakeIdentifier.Read(schema);

    public override string Fold(string name) => SnowflakeIdentifier.Fold(name);

    // Each request names the database and the schema.
    public override string Table(string name) => SqlIdentifier.Quote(Fold(name));

    public override string TypeName(FeedColumn column) => column.Type switch
    {
        ColumnType.Text => Varchar,
        ColumnType.Decimal when column.Scale > MaxScale => Varchar,
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.BigInt => Number(0),
        ColumnType.Decimal => Number(column.Scale),
        ColumnType.Double => "FLOAT",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP_NTZ",
        ColumnType.TimestampTz => "TIMESTAMP_TZ",
        ColumnType.Json => "VARIANT",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    public override bool MayCutResults => true;

    // COPY would need a query to parse JSON, and a COPY with a query has no validation mode. It has one format for all times, or the account's.
    public override string StagedType(FeedColumn column, string type)
        => column.Type is ColumnType.Json or ColumnType.Timestamp or ColumnType.TimestampTz ? Varchar : type;

    // 'd': of two values with one name, the last one counts.
    public override string FromStaged(FeedColumn column, string staged) => column.Type switch
    {
        ColumnType.Json => $"PARSE_JSON({staged}, 'd')",
        ColumnType.Timestamp => $"TO_TIMESTAMP_NTZ({staged}, 'YYYY-MM-DD HH24:MI:SS.FF6')",
        ColumnType.TimestampTz => $"TO_TIMESTAMP_TZ({staged}, 'YYYY-MM-DD HH24:MI:SS.FF6TZH')",
        _ => staged,
    };

    public override string DirectType => Varchar;

    public override string IsNoBigInt(string text) => $"""
        OCTET_LENGTH({text}) > 0 AND (TRY_TO_NUMBER({text}, 38, 0) IS NULL OR TO_VARCHAR(TRY_TO_NUMBER({text}, 38, 0)) <> {text}
            OR TRY_TO_NUMBER({text}, 38, 0) < {long.MinValue} OR TRY_TO_NUMBER({text}, 38, 0) > {long.MaxValue})
        """;

    public override object ReadValue(string text, TableColumn column, FeedColumn? known) => SnowflakeValue.Read(text, column.Type, known);

    public override bool Accepts(FeedColumn column, TableColumn existing) => TypeName(column) switch
    {
        Varchar => TextSize(existing.Type) is not null,
        "TIMESTAMP_TZ" => existing.Type is "TIMESTAMP_TZ" or "TIMESTAMP_LTZ", // both are points in time
        ['N', 'U', 'M', 'B', 'E', 'R', ..] => ReadNumber(existing.Type) is { } number && number.Scale == column.Scale,
        var name => name == existing.Type,
    };

    // How many digits a load needs is not known before Snowflake refuses some.
    public override string? LargerType(FeedColumn column, TableColumn existing, int longest, bool isRefused) => TypeName(column) switch
    {
        Varchar when TextSize(existing.Type) is { } size && longest > size => Text(MaxTextBytes),
        ['N', 'U', 'M', 'B', 'E', 'R', ..] when isRefused && ReadNumber(existing.Type) is { Precision: < 38, Scale: var scale } => Number(scale),
        _ => null,
    };

    /// <summary>Returns the name of a column's type from the words of the catalog.</summary>
    /// <param name="type">DATA_TYPE.</param>
    /// <param name="length">CHARACTER_MAXIMUM_LENGTH, or null.</param>
    /// <param name="precision">NUMERIC_PRECISION, or null.</param>
    /// <param name="scale">NUMERIC_SCALE, or null.</param>
    /// <param name="fraction">DATETIME_PRECISION, or null. A time with fewer digits than microseconds is named with it.</param>
    public static string ReadType(string type, string? length, string? precision, string? scale, string? fraction) => type switch
    {
        _ when fraction is [>= '0' and <= '5'] && type.StartsWith("TIMESTAMP", StringComparison.Ordinal) => $"{type}({fraction})",
        "TEXT" => length is null ? Text(MaxTextBytes) : $"{Varchar}({length})",
        "NUMBER" when precision is not null => $"NUMBER({precision},{scale ?? "0"})",
        _ => type,
    };

    private static string Text(int size) => string.Create(CultureInfo.InvariantCulture, $"{Varchar}({size})");

    private static string Number(int scale) => string.Create(CultureInfo.InvariantCulture, $"NUMBER(38,{scale})");

    private static int? TextSize(string type)
        => type.StartsWith(Varchar + "(", StringComparison.Ordinal)
            && int.TryParse(type.AsSpan(Varchar.Length + 1).TrimEnd(')'), CultureInfo.InvariantCulture, out var size)
            ? size
            : null;

    private static (int Precision, int Scale)? ReadNumber(string type)
        => type.StartsWith("NUMBER(", StringComparison.Ordinal) && type["NUMBER(".Length..].TrimEnd(')').Split(',') is [var digits, var fraction]
            && int.TryParse(digits, CultureInfo.InvariantCulture, out var precision)
            && int.TryParse(fraction, CultureInfo.InvariantCulture, out var scale)
            ? (precision, scale)
            : null;
}
