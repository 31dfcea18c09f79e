using System.Globalization;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// Converts the values of results. The SQL API writes dates as days since 1970 and times as seconds since 1970 with nine digits after the point
/// (Snowflake SQL API developer guide, "Getting the data from the results"). Pure functions.
/// </summary>
internal static class SnowflakeValue
{
    private const int NoOffset = 1440;

    /// <summary>Returns the value of a text, as <see cref="CellValue"/> does. A text that has another form stays as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">The type of its column in the catalog's words, as the catalog's reader completes them: <c>NUMBER(38,0)</c>.</param>
    /// <param name="known">The feed's column, or null.</param>
    public static object Read(string text, string type, FeedColumn? known) => type.Split('(')[0] switch
    {
        "BOOLEAN" => CellValue.Parse(text, ColumnType.Boolean),
        "FLOAT" => CellValue.Parse(text, ColumnType.Double),
        // A whole number may be a decimal of the feed without digits after the point.
        "NUMBER" => CellValue.Parse(text, type.EndsWith(",0)", StringComparison.Ordinal) && known?.Type != ColumnType.Decimal
            ? ColumnType.BigInt
            : ColumnType.Decimal),
        "DATE" => Day(text) is { } day ? day : text,
        "TIMESTAMP_NTZ" => Time(text) is { } time ? time : text,
        "TIMESTAMP_LTZ" => Time(text) is { } time ? Utc(time) : text,
        // After the seconds, the offset in minutes plus 1440. The instant does not depend on it.
        "TIMESTAMP_TZ" => text.Split(' ') is [var seconds, var offset] && IsOffset(offset) && Time(seconds) is { } time ? Utc(time) : text,
        _ => text,
    };

    private static DateTimeOffset Utc(DateTime time) => new(time, TimeSpan.Zero);

    private static bool IsOffset(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes <= 2 * NoOffset;

    private static DateOnly? Day(string text)
    {
        var first = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days)
            && days >= -first && days <= DateOnly.MaxValue.DayNumber - first
            ? DateOnly.FromDayNumber(first + days)
            : null;
    }

    // Without a zone. .NET has ticks of 100 nanoseconds.
    private static DateTime? Time(string text)
    {
        const NumberStyles Seconds = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        const long Most = long.MaxValue / TimeSpan.TicksPerSecond;
        if (!decimal.TryParse(text, Seconds, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(seconds) > Most)
            return null;
        var ticks = DateTime.UnixEpoch.Ticks + (Int128)decimal.Floor(seconds * TimeSpan.TicksPerSecond);
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks ? new DateTime((long)ticks, DateTimeKind.Unspecified) : null;
    }
}
