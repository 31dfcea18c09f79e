using System.Globalization;

namespace PeakS3Feed.Wording;

/// <summary>Formats values of rows for people.</summary>
public static class CellText
{
    /// <summary>Formats a value from <see cref="Rows.CellValue"/>: NULL, true, ISO dates, bytes in hexadecimal; without control characters.</summary>
    public static string Format(object? value) => value switch
    {
        null => "NULL",
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        byte[] bytes => "0x" + Convert.ToHexString(bytes),
        _ => VisibleText.Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
