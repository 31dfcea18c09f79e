using System.Globalization;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Schemas;

/// <summary>Reads what <see cref="FeedColumn.TypeName"/> writes.</summary>
public static partial class ColumnTypes
{
    /// <summary>All the names, for messages.</summary>
    public const string All = "text, boolean, bigint, decimal(38,SCALE), double, date, timestamp, timestamptz or json";

    /// <summary>The type of that name, any case, and a decimal's digits behind the point.</summary>
    /// <param name="text">For example <c>bigint</c> or <c>decimal(38,2)</c>.</param>
    /// <exception cref="Errors.FeedException"><c>ColumnTypeUnknown</c>, with the names that there are.</exception>
    public static (ColumnType Type, int Scale) Parse(string text) => Find(text) ?? throw SchemaErrors.TypeUnknown(text);

    /// <summary>The same; null when there is no such type.</summary>
    internal static (ColumnType Type, int Scale)? Find(string text)
    {
        if (Decimal().Match(text) is { Success: true } match)
        {
            var scale = int.Parse(match.Groups["scale"].ValueSpan, CultureInfo.InvariantCulture);
            return scale <= 38 ? (ColumnType.Decimal, scale) : null;
        }

        // By name and not by Enum.Parse, which would take numbers and "decimal" without a scale.
        foreach (var type in Enum.GetValues<ColumnType>())
        {
            if (type != ColumnType.Decimal && string.Equals(type.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase))
                return (type, 0);
        }

        return null;
    }

    [GeneratedRegex(
        @"^\s*decimal\s*\(\s*38\s*,\s*(?<scale>[0-9]{1,2})\s*\)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Decimal();
}
