using System.Globalization;
using System.Text;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Converts a value of a batch to an object, for display. Loading does not use it.</summary>
public static class CellValue
{
    private const int MaxDecimalDigits = 28;

    private static readonly string[] Times = ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];

    private static readonly string[] ZonedTimes = [.. Times.SelectMany(t => new[] { t + "zz", t + "zzz", t + "'Z'" })];

    /// <summary>
    /// Returns a string for text and JSON, a bool, a long, a decimal (a string where 28 digits are not enough), a double, a DateOnly, a DateTime
    /// without a zone, or a DateTimeOffset in UTC; null for NULL.
    /// </summary>
    public static object? From(ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
            return null;
        return vector.Column.Type switch
        {
            ColumnType.Boolean => ((FixedVector<bool>)vector)[row],
            ColumnType.BigInt => ((FixedVector<long>)vector)[row],
            ColumnType.Decimal => Exact(((FixedVector<Int128>)vector)[row], vector.Column.Scale),
            ColumnType.Double => ((FixedVector<double>)vector)[row],
            ColumnType.Date => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(((FixedVector<int>)vector)[row]),
            ColumnType.Timestamp => DateTime.SpecifyKind(Time(vector, row), DateTimeKind.Unspecified),
            ColumnType.TimestampTz => new DateTimeOffset(Time(vector, row)),
            _ => Encoding.UTF8.GetString(((Utf8Vector)vector)[row]),
        };
    }

    /// <summary>
    /// Returns the value of a text in which a database writes it, as <see cref="From"/> does. A whole number beyond 64 bits is a decimal. A text that
    /// is not a value of the type, such as <c>infinity</c> for a date, stays a text: this is for display, and hides nothing.
    /// </summary>
    /// <param name="text">The text: numbers with a point, ISO dates and times, <c>true</c>, <c>t</c> or <c>1</c>.</param>
    /// <param name="type">The type.</param>
    public static object Parse(string text, ColumnType type) => type switch
    {
        ColumnType.Boolean when text is "true" or "t" or "1" => true,
        ColumnType.Boolean when text is "false" or "f" or "0" => false,
        ColumnType.BigInt when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        ColumnType.BigInt or ColumnType.Decimal => Exact(text),
        ColumnType.Double when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        ColumnType.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
        ColumnType.Timestamp when DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) => time,
        ColumnType.TimestampTz when DateTimeOffset.TryParseExact(
            text, ZonedTimes, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time.ToUniversalTime(),
        _ => text,
    };

    // All digits that a decimal holds exactly; else the text.
    private static object Exact(string text)
        => text.Count(char.IsAsciiDigit) <= MaxDecimalDigits
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : text;

    private static DateTime Time(ColumnVector vector, int row)
        => DateTime.UnixEpoch.AddTicks(((FixedVector<long>)vector)[row] * TimeSpan.TicksPerMicrosecond);

    private static object Exact(Int128 value, int scale)
    {
        var negative = value < 0;
        var digits = (negative ? -value : value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = (negative ? "-" : "") + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : "");
        return digits.Length <= MaxDecimalDigits ? decimal.Parse(text, CultureInfo.InvariantCulture) : text;
    }
}
