using System.Globalization;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Schemas;

/// <summary>Reads what <see cref="FeedColumn.TypeName"/> writes.</summary>
internal static partial class ColumnTypeNames
{
    /// <summary>All the names, for messages.</summary>
    public const string All = "text, boolean, bigint, decimal(38,SCALE), double, date, timestamp, timestamptz or json";

    /// <summary>The type and scale of that name, any case; null when there is no such type.</summary>
    public static (ColumnType Type, int Scale)? Parse(string text)
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
