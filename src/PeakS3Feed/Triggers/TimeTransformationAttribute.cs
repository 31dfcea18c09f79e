using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;

namespace PeakS3Feed.Cmdlets.Triggers;

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
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm zzz", "yyyy-MM-dd HH:mm:ss zzz",
    ];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        null => null,
        TimeOnly or DateTimeOffset => inputData is PSObject given ? given.BaseObject : inputData,
        DateTime time => Instants.From(time),
        TimeSpan time when time >= TimeSpan.Zero && time < TimeSpan.FromDays(1) => TimeOnly.FromTimeSpan(time),
        TimeSpan time => throw new ArgumentTransformationMetadataException($"{time} is not a time of day: a day lasts from 00:00 to 23:59:59. {Forms}"),
        string text => Parse(text),
        IEnumerable => throw new ArgumentTransformationMetadataException($"Only one time is possible. {Forms} For several times, use several triggers or a cron expression."),
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
        return DateTimeOffset.TryParseExact(text.Trim(), InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var instant) ? instant : throw NotATime(text);
    }

    // 730 is close enough to a time for a suggestion.
    private static ArgumentTransformationMetadataException NotATime(string text)
    {
        var likely = text is "24" or "24:00" ? " Midnight is 00:00."
            : text.Length is 3 or 4 && TimeOnly.TryParseExact(text.PadLeft(4, '0'), "HHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? $" Did you mean {time:HH\\:mm}?"
            : "";
        return new($"\"{text}\" is neither a time of day nor an instant.{likely} {Forms}");
    }
}
