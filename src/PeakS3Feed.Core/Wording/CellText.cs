using System.Globalization;

namespace PeakS3Feed.Wording;

/// <summary>Values of rows as people read them.</summary>
public static class CellText
{
    /// <summary>A value that <see cref="Rows.CellValue"/> made: NULL, true, ISO dates; without control characters.</summary>
    public static string Format(object? value) => value switch
    {
        null => "NULL",
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        _ => VisibleText.Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };
}
