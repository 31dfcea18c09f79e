using System.Globalization;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Schemas;

/// <summary>The types of columns. Each destination maps them to types of its own.</summary>
public enum ColumnType
{
    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A 64-bit signed integer.</summary>
    BigInt,

    /// <summary>An exact number of at most 38 digits, <see cref="FeedColumn.Scale"/> of them after the point.</summary>
    Decimal,

    /// <summary>An IEEE 754 double.</summary>
    Double,

    /// <summary>A calendar day, 0001-01-01 to 9999-12-31.</summary>
    Date,

    /// <summary>A date and time of day without a time zone, in microseconds.</summary>
    Timestamp,

    /// <summary>An instant in UTC, in microseconds.</summary>
    TimestampTz,

    /// <summary>JSON text.</summary>
    Json,
}

/// <summary>Parses the type names that <see cref="FeedColumn.TypeName"/> writes.</summary>
public static partial class ColumnTypes
{
    /// <summary>All type names, for messages.</summary>
    public const string All = "text, boolean, bigint, decimal(38,SCALE), double, date, timestamp, timestamptz or json";

    // The index of a name is the value of its type.
    private static readonly string[] Names = Enum.GetNames<ColumnType>();

    /// <summary>Parses a type name in any case; for a decimal, also the number of digits after the point.</summary>
    /// <param name="text">For example <c>bigint</c> or <c>decimal(38,2)</c>.</param>
    /// <exception cref="Errors.FeedException"><c>ColumnTypeUnknown</c>; its hint lists the type names.</exception>
    public static (ColumnType Type, int Scale) Parse(string text) => Find(text) ?? throw SchemaErrors.TypeUnknown(text);

    /// <summary>Parses a type name; null when there is no such type.</summary>
    internal static (ColumnType Type, int Scale)? Find(string text)
    {
        var name = text.AsSpan().Trim();
        // Compares names, because Enum.Parse would accept numbers and "decimal" without a scale.
        for (var at = 0; at < Names.Length; at++)
        {
            if (name.Equals(Names[at], StringComparison.OrdinalIgnoreCase))
                return (ColumnType)at == ColumnType.Decimal ? null : ((ColumnType)at, 0);
        }

        if (Decimal().Match(text) is not { Success: true } match)
            return null;
        var scale = int.Parse(match.Groups["scale"].ValueSpan, CultureInfo.InvariantCulture);
        return scale <= 38 ? (ColumnType.Decimal, scale) : null;
    }

    [GeneratedRegex(
        @"^\s*decimal\s*\(\s*38\s*,\s*(?<scale>[0-9]{1,2})\s*\)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Decimal();
}
