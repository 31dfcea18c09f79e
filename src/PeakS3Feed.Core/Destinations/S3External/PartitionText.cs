using System.Globalization;
using System.Text;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Writes partition values as text, as the Delta protocol has them ("Partition Value Serialization"): numbers and dates in ISO form, true and false,
/// text unchanged.
/// </summary>
internal static class PartitionText
{
    private static readonly DateOnly FirstDay = new(1970, 1, 1);

    /// <summary>Returns the value of a field for a row; null for NULL, and for an empty text.</summary>
    public static string? Write(PartitionField field, ColumnVector column, int row)
    {
        if (column.IsNull(row))
            return null;
        return (field.Part, column) switch
        {
            (PartitionPart.Value, Utf8Vector text) => text[row].Length == 0 ? null : Encoding.UTF8.GetString(text[row]),
            (PartitionPart.Value, FixedVector<bool> flags) => flags[row] ? "true" : "false",
            (PartitionPart.Value, FixedVector<long> numbers) => numbers[row].ToString(CultureInfo.InvariantCulture),
            (PartitionPart.Value, FixedVector<Int128> decimals) => WriteDecimal(decimals[row], column.Column.Scale),
            (PartitionPart.Value or PartitionPart.Date, _) => Day(column, row).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            (PartitionPart.Year, _) => Number(Day(column, row).Year),
            (PartitionPart.Month, _) => Number(Day(column, row).Month),
            _ => Number(Day(column, row).Day),
        };
    }

    /// <summary>Appends a value that <see cref="Write"/> wrote for a whole column.</summary>
    public static void Append(ColumnVector column, string? text)
    {
        switch (column)
        {
            case var _ when text is null:
                column.AppendNull();
                break;
            case Utf8Vector texts:
                texts.Append(Encoding.UTF8.GetBytes(text));
                break;
            case FixedVector<bool> flags:
                flags.Append(bool.Parse(text));
                break;
            case FixedVector<long> numbers:
                numbers.Append(long.Parse(text, CultureInfo.InvariantCulture));
                break;
            case FixedVector<int> days:
                days.Append(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - FirstDay.DayNumber);
                break;
            case FixedVector<Int128> decimals:
                decimals.Append(ReadDecimal(text, column.Column.Scale));
                break;
            default:
                throw new NotSupportedException($"{column.GetType()} cannot be a partition.");
        }
    }

    /// <summary>Returns the days of points in time.</summary>
    public static FixedVector<int> ToDays(FixedVector<long> times, int count)
    {
        var days = new FixedVector<int>(times.Column);
        for (var row = 0; row < count; row++)
        {
            if (times.IsNull(row))
                days.AppendNull();
            else
                days.Append(DayNumber(times[row]));
        }
        return days;
    }

    private static string WriteDecimal(Int128 value, int scale)
    {
        if (scale == 0)
            return value.ToString(CultureInfo.InvariantCulture);
        var digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(value < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }

    private static Int128 ReadDecimal(string text, int scale)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : text[(point + 1)..];
        return Int128.Parse((point < 0 ? text : text[..point]) + fraction.PadRight(scale, '0'), CultureInfo.InvariantCulture);
    }

    private static DateOnly Day(ColumnVector column, int row)
        => FirstDay.AddDays(column is FixedVector<int> days ? days[row] : DayNumber(((FixedVector<long>)column)[row]));

    // Rounds down, also before 1970. A double would not hold all microseconds after the year 2255.
    private static int DayNumber(long microseconds)
    {
        var (days, rest) = Math.DivRem(microseconds, TimeSpan.MicrosecondsPerDay);
        return (int)(rest < 0 ? days - 1 : days);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
