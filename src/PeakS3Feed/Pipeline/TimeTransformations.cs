using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>
/// Accepts a time as a date object, as text (local if it has no zone), or as a run, which means its start. Refuses numbers, which PowerShell reads
/// as ticks since the year 1.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DateTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
        => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        DateTimeOffset time => time,
        DateTime time => Instants.From(time),
        DateOnly day => Instants.From(day.ToDateTime(TimeOnly.MinValue)),
        S3FeedRun run => run.StartedAt,
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) => time,
        // Export-Csv and ToString() write times in the session's culture.
        string text when DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out var time) => time,
        ScriptBlock => inputData,
        _ => throw new ArgumentTransformationMetadataException(
            $"\"{LanguagePrimitives.ConvertTo<string>(inputData)}\" is not a date. Write a date such as 2026-01-31 or '2026-01-31 07:00', or "
                + "count back from now: (Get-Date).AddDays(-30)."),
    };
}

/// <summary>Accepts a calendar day as yyyy-MM-dd or as a date object. Uses the date that the object shows; ignores its time and zone.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DayTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Form = "yyyy-MM-dd";

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
        => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        DateTime time => DateOnly.FromDateTime(time),
        DateTimeOffset time => DateOnly.FromDateTime(time.DateTime),
        "" => null,
        string text => DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new ArgumentTransformationMetadataException($"\"{text}\" is not a day. Write it as {Form}, for example 2026-01-31."),
        null or DateOnly => (inputData as PSObject)?.BaseObject ?? inputData,
        var other => throw new ArgumentTransformationMetadataException($"\"{other}\" is not a day. Write it as {Form}, for example 2026-01-31."),
    };
}

/// <summary>Accepts a time as ISO 8601 text (UTC if it has no zone) or as a date object.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InstantTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
        => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        DateTime { Kind: DateTimeKind.Unspecified } time => new DateTimeOffset(time, TimeSpan.Zero),
        DateTime time => new DateTimeOffset(time),
        "" => null,
        string text => FeedTimes.TryParse(text, out var time)
            ? time
            : throw new ArgumentTransformationMetadataException(
                $"\"{text}\" is not a time. Write 2026-01-31 for that day's midnight, UTC, or 2026-01-31T15:30:00Z."),
        var other => other,
    };
}

/// <summary>
/// Converts a time of day (7, 7:30, 07:30:15, 7am, 7:30 pm) to a TimeOnly, and an instant (a date object, or text with a date and a time) to a
/// DateTimeOffset. Anything else is an error that shows how to write a time.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Forms = "Write a time of day such as 7, 07:30 or 7:30pm, or an instant such as 2026-12-01T09:00:00+01:00.";

    private static readonly string[] Times = ["%H", "H:mm", "H:mm:ss", "htt", "h:mmtt", "h:mm:sstt"];

    // An instant without an offset is local time.
    private static readonly string[] InstantForms =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm zzz", "yyyy-MM-dd HH:mm:ss zzz",
    ];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
        => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        null => null,
        TimeOnly or DateTimeOffset => inputData is PSObject given ? given.BaseObject : inputData,
        DateTime time => Instants.From(time),
        TimeSpan time when time >= TimeSpan.Zero && time < TimeSpan.FromDays(1) => TimeOnly.FromTimeSpan(time),
        TimeSpan time => throw new ArgumentTransformationMetadataException(
            $"{time} is not a time of day: a day lasts from 00:00 to 23:59:59. {Forms}"),
        string text => Parse(text),
        IEnumerable => throw new ArgumentTransformationMetadataException(
            $"Only one time is possible. {Forms} For several times, use several triggers or a cron expression."),
        // The typed text: PowerShell parses 7d as a number.
        _ => Parse(LanguagePrimitives.ConvertTo<string>(inputData)),
    };

    /// <summary>Returns the time of day; of an instant, the time that its clock shows.</summary>
    public static TimeOnly TimeOf(object at) => at is DateTimeOffset instant ? TimeOnly.FromDateTime(instant.DateTime) : (TimeOnly)at;

    /// <summary>Returns the instant; of a time of day, the next instant at which this system's clock shows it.</summary>
    public static DateTimeOffset InstantOf(object at, DateTime now)
    {
        if (at is DateTimeOffset instant)
            return instant;
        var today = now.Date + ((TimeOnly)at).ToTimeSpan();
        return new DateTimeOffset(today > now ? today : today.AddDays(1));
    }

    private static object Parse(string text)
    {
        // 7:30 pm, 7:30 p.m.
        var time = text.Replace(" ", "", StringComparison.Ordinal).Replace(".m.", "m", StringComparison.OrdinalIgnoreCase);
        if (TimeOnly.TryParseExact(time, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var found))
            return found;
        return DateTimeOffset.TryParseExact(text.Trim(), InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var instant)
            ? instant
            : throw NotATime(text);
    }

    // 730 is close enough to a time for a suggestion.
    private static ArgumentTransformationMetadataException NotATime(string text)
    {
        var digits = text.Length is 3 or 4 ? text.PadLeft(4, '0') : "";
        var likely = text is "24" or "24:00" ? " Midnight is 00:00."
            : TimeOnly.TryParseExact(digits, "HHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? $" Did you mean {time:HH\\:mm}?"
            : "";
        return new($"\"{text}\" is neither a time of day nor an instant.{likely} {Forms}");
    }
}

/// <summary>Accepts days of the week by their names or the beginnings of them: Mon, Tue. PowerShell itself accepts only full names.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DayOfWeekTransformationAttribute : ArgumentTransformationAttribute
{
    private const int MinLength = 2;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData switch
    {
        null => null,
        PSObject { BaseObject: not string and IEnumerable many } => many.Cast<object?>().SelectMany(Days).ToArray(),
        not string and IEnumerable many => many.Cast<object?>().SelectMany(Days).ToArray(),
        _ => Days(inputData).ToArray(),
    };

    private static IEnumerable<DayOfWeek> Days(object? value) => (value as string ?? (value as PSObject)?.BaseObject as string)?.ToUpperInvariant() switch
    {
        "WEEKDAYS" => [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday],
        "WEEKEND" => [DayOfWeek.Saturday, DayOfWeek.Sunday],
        _ => [Day(value)],
    };

    private static DayOfWeek Day(object? value)
    {
        value = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (value is DayOfWeek day)
            return day;
        var text = value as string ?? "";
        var found = CultureInfo.InvariantCulture.DateTimeFormat.DayNames.Index()
            .Where(n => text.Length >= MinLength && n.Item.StartsWith(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count == 1
            ? (DayOfWeek)found[0].Index
            : throw new ArgumentTransformationMetadataException($"\"{value}\" is not a day of the week. Write Monday or Mon, Weekdays or Weekend.");
    }
}

/// <summary>
/// Accepts a duration as a TimeSpan or as text: 90s, 5m, 2h, 30d, 1h30m, 00:05:00. PowerShell itself reads 30 as ticks and "30" as days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is null or TimeSpan)
            return inputData;
        // The typed text: PowerShell parses 30d as a number, and keeps the text with it.
        return DurationText.TryParse(LanguagePrimitives.ConvertTo<string>(inputData), out var duration) is { } problem
            ? throw new ArgumentTransformationMetadataException(problem)
            : duration;
    }
}

/// <summary>Converts dates to instants. A value out of range becomes the earliest or latest instant.</summary>
internal static class Instants
{
    /// <summary>The instant of a date object; a date without a zone is local.</summary>
    public static DateTimeOffset From(DateTime time)
        // Within a day of the limits, an offset could leave the range.
        => time < DateTime.MinValue.AddDays(1) ? DateTimeOffset.MinValue
            : time > DateTime.MaxValue.AddDays(-1) ? DateTimeOffset.MaxValue
            : new DateTimeOffset(time);

    /// <summary>The instant this long ago.</summary>
    public static DateTimeOffset Ago(TimeSpan duration)
    {
        var now = DateTimeOffset.UtcNow;
        return duration == TimeSpan.MinValue || duration.Duration() >= now - DateTimeOffset.MinValue
            ? DateTimeOffset.MinValue
            : now - duration.Duration();
    }
}
