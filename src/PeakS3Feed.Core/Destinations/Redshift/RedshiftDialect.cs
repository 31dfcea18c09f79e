using System.Globalization;
using System.Numerics;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Redshift's names and types (Redshift Database Developer Guide, "Names and identifiers", "Data types"). Pure functions.
/// </summary>
/// <param name="schema">The schema of all tables.</param>
internal sealed class RedshiftDialect(string schema) : WarehouseDialect
{
    /// <summary>The longest identifier in bytes of UTF-8.</summary>
    public const int MaxIdentifierBytes = 127;

    /// <summary>The longest VARCHAR in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 65535;

    /// <summary>The size of a VARCHAR whose values are short, and of one without values.</summary>
    private const int MinTextSize = 256;

    // A decimal has at most 37 digits after the point.
    private const int MaxScale = 37;

    // The digits, the point, the sign and the zero before the point.
    private const string TextOfDecimal = "VARCHAR(41)";

    // A folded object name: s3://, a bucket of 63 bytes, a slash, and a key of 1,024 bytes.
    private const int FileNameSize = 1100;

    private const string Varchar = "character varying";

    /// <summary>The names that Redshift gives its own columns of each table, and those of this program's columns in staging tables.</summary>
    public static IReadOnlySet<string> ReservedNames { get; } = new HashSet<string>(
        [
            "oid", "tableoid", "xmin", "xmax", "cmin", "cmax", "ctid", "insertxid", "deletexid",
            WarehouseNames.Ordinal, WarehouseNames.Row, WarehouseNames.Rank,
        ],
        StringComparer.OrdinalIgnoreCase);

    public override int MaxNameBytes => MaxIdentifierBytes;

    /// <summary>Returns the name as Redshift stores it: ASCII letters are lower case, also in quoted names.</summary>
    public override string Fold(string name)
        => string.Create(name.Length, name, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        });

    public override string Table(string name) => $"{SqlIdentifier.Quote(Fold(schema))}.{SqlIdentifier.Quote(Fold(name))}";

    public override string SchemaName => Fold(schema);

    public override string TypeName(FeedColumn column) => column.Type switch
    {
        ColumnType.Text when column == AuditColumn.FileName => Text(FileNameSize),
        ColumnType.Text when column == AuditColumn.RequestId => Text(36),
        ColumnType.Text => "VARCHAR",
        ColumnType.Decimal when column.Scale > MaxScale => TextOfDecimal,
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.BigInt => "BIGINT",
        ColumnType.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL(38,{column.Scale})"),
        ColumnType.Double => "DOUBLE PRECISION",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.TimestampTz => "TIMESTAMPTZ",
        ColumnType.Json => "SUPER",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    public override string NewType(FeedColumn column, int longest) => TypeName(column) is "VARCHAR" ? Text(TextSize(longest)) : TypeName(column);

    /// <summary>
    /// Returns the size of a VARCHAR for texts of up to so many bytes: twice that, rounded up to a power of two. Redshift reserves memory for the
    /// declared size in each query, so that the largest size for every column would be slow; and longer texts of later loads find room, or the column
    /// grows.
    /// </summary>
    public static int TextSize(int longest)
        => Math.Min(MaxTextBytes, Math.Max(MinTextSize, (int)BitOperations.RoundUpToPowerOf2((uint)longest * 2)));

    /// <summary>The VARCHAR of a size.</summary>
    public static string Text(int size) => string.Create(CultureInfo.InvariantCulture, $"VARCHAR({size})");

    /// <summary>The size of a VARCHAR column in bytes, or null for another type.</summary>
    public static int? TextSize(TableColumn column)
        => column.Type.StartsWith(Varchar + "(", StringComparison.Ordinal)
            && int.TryParse(column.Type.AsSpan(Varchar.Length + 1).TrimEnd(')'), CultureInfo.InvariantCulture, out var size)
            ? size
            : null;

    public override string DirectType => Text(MaxTextBytes);

    // The digits of two texts of one length have the order of the numbers.
    public override string IsNoBigInt(string text) => $"""
        OCTET_LENGTH({text}) > 0 AND ({text} !~ '^(0|-?[1-9][0-9]*)$' OR OCTET_LENGTH({text}) > 20
            OR (OCTET_LENGTH({text}) = 20 AND ({text} NOT LIKE '-%' OR {text} > '{long.MinValue}'))
            OR (OCTET_LENGTH({text}) = 19 AND {text} NOT LIKE '-%' AND {text} > '{long.MaxValue}'))
        """;

    public override object ReadValue(string text, TableColumn column, FeedColumn? known) => CellValue.Parse(text, WireTypes.Find(column.Type));

    public override bool Accepts(FeedColumn column, TableColumn existing) => TypeName(column) switch
    {
        "VARCHAR" => TextSize(existing) is not null,
        ['V', 'A', 'R', 'C', 'H', 'A', 'R', ..] fixedSize => TextSize(existing) >= TextSize(new TableColumn("", Catalog(fixedSize), Required: false)),
        var name => Catalog(name) == existing.Type,
    };

    public override string? LargerType(FeedColumn column, TableColumn existing, int longest, bool isRefused)
        => column.Type == ColumnType.Text && TextSize(existing) is { } size && longest > size ? Text(TextSize(longest)) : null;

    // The name of a type in the catalog.
    private string Catalog(string type) => type switch
    {
        "TIMESTAMP" => "timestamp without time zone",
        "TIMESTAMPTZ" => "timestamp with time zone",
        _ => Fold(type).Replace("varchar", Varchar, StringComparison.Ordinal).Replace("decimal", "numeric", StringComparison.Ordinal),
    };
}
