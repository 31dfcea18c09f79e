using System.Globalization;
using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Takes a time of day (07:00, on 24 hours) as a TimeOnly, and an instant (a date object, or text with a date and a time) as a DateTimeOffset.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Times = ["H:mm", "HH:mm", "H:mm:ss", "HH:mm:ss"];

    // Without an offset, an instant is on this system's clocks.
    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm zzz", "yyyy-MM-dd HH:mm:ss zzz"];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        DateTime time => new DateTimeOffset(time),
        TimeSpan time when time >= TimeSpan.Zero && time < TimeSpan.FromDays(1) => TimeOnly.FromTimeSpan(time),
        string text => Parse(text),
        var other => other,
    };

    /// <summary>What is meant where a time of day is wanted: of an instant, what the clock shows.</summary>
    public static TimeOnly TimeOf(object at) => at is DateTimeOffset instant ? TimeOnly.FromDateTime(instant.DateTime) : (TimeOnly)at;

    /// <summary>What is meant where an instant is wanted: of a time of day, when this system's clock shows it next.</summary>
    public static DateTimeOffset InstantOf(object at, DateTime now)
    {
        if (at is DateTimeOffset instant)
            return instant;
        var today = now.Date + ((TimeOnly)at).ToTimeSpan();
        return new DateTimeOffset(today > now ? today : today.AddDays(1));
    }

    private static object Parse(string text)
    {
        if (TimeOnly.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        return DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var instant)
            ? instant
            : throw new ArgumentTransformationMetadataException($"\"{text}\" is neither a time of day such as 07:00 nor an instant such as 2026-12-01T09:00:00+01:00.");
    }
}
