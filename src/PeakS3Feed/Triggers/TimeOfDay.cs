using System.Globalization;
using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Reads what people give for a time of day, and for an instant.</summary>
internal static class TimeOfDay
{
    private static readonly string[] Forms = ["H:mm", "HH:mm", "H:mm:ss", "HH:mm:ss"];

    /// <summary>A time of day: text such as 07:00, or the time of a date object.</summary>
    public static TimeOnly Parse(object at) => Base(at) switch
    {
        TimeOnly time => time,
        TimeSpan time when time >= TimeSpan.Zero && time < TimeSpan.FromDays(1) => TimeOnly.FromTimeSpan(time),
        DateTime time => TimeOnly.FromDateTime(time),
        DateTimeOffset time => TimeOnly.FromDateTime(time.DateTime),
        string text when TimeOnly.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) => time,
        _ => throw new PSArgumentException($"\"{at}\" is not a time of day. Write it as 07:00 or 07:00:30, on 24 hours."),
    };

    /// <summary>An instant: a date object, or text with a date; without an offset it is on this system's clocks.</summary>
    public static DateTimeOffset ParseInstant(object at) => Base(at) switch
    {
        DateTimeOffset instant => instant,
        DateTime time => new DateTimeOffset(time),
        // A time alone would mean today, or the year 1.
        string text when text.Length > "2026-01-31".Length && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var instant) => instant,
        _ => throw new PSArgumentException($"\"{at}\" is not an instant. Write it as 2026-01-31T07:00:00+01:00, or give a date object such as that of Get-Date."),
    };

    private static object Base(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
