using System.Globalization;
using System.Text;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Converts a value of a batch to an object, for display. Loading does not use it.</summary>
public static class CellValue
{
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

    private static DateTime Time(ColumnVector vector, int row)
        => DateTime.UnixEpoch.AddTicks(((FixedVector<long>)vector)[row] * TimeSpan.TicksPerMicrosecond);

    private static object Exact(Int128 value, int scale)
    {
        var negative = value < 0;
        var digits = (negative ? -value : value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = (negative ? "-" : "") + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : "");
        return digits.Length <= 28 ? decimal.Parse(text, CultureInfo.InvariantCulture) : text;
    }
}
