using Quartz;

namespace PeakS3Feed.Triggers;

/// <summary>
/// The times of a cron expression on the clocks of a time zone. A time that comes twice fires once; but an expression that fires in every hour
/// speaks of hours that pass, and fires in the one that comes twice both times.
/// </summary>
internal sealed class CronSchedule : TriggerSchedule
{
    // No zone has set its clocks by more at once, but for those that changed the day.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromHours(3);

    private readonly CronExpression _times;
    private readonly WallClock _clock;
    private readonly bool _everyHour;

    private CronSchedule(CronExpression times, WallClock clock, bool everyHour) => (_times, _clock, _everyHour) = (times, clock, everyHour);

    public static CronSchedule Of(CronText cron, TimeZoneInfo zone)
        // What the clocks show is worked out as if it were UTC; when they show it is ours to say.
        => new(CronExpression.Parse(cron.Expression).WithTimeZone(TimeZoneInfo.Utc), new WallClock(zone), cron.FiresInEveryHour);

    public override DateTimeOffset? NextAfter(DateTimeOffset after)
    {
        var next = Shown(_clock.At(after)).Select(_clock.First).Where(t => t > after).Select(t => (DateTimeOffset?)t).FirstOrDefault();
        return _everyHour && next is { } first && _clock.GoesBack(after, first) ? Earlier(SecondAfter(after, first), first) : next;
    }

    // The first instant at which a time has come for the second time.
    private DateTimeOffset? SecondAfter(DateTimeOffset after, DateTimeOffset until) => Shown(_clock.At(after) - LongestTurn)
        .TakeWhile(t => t < _clock.At(until) + LongestTurn)
        .Select(_clock.Second).FirstOrDefault(t => t > after);

    private static DateTimeOffset Earlier(DateTimeOffset? second, DateTimeOffset first) => second < first ? second.Value : first;

    private IEnumerable<DateTime> Shown(DateTime after)
    {
        var at = new DateTimeOffset(after.Ticks, TimeSpan.Zero);
        while (_times.GetNextValidTimeAfter(at) is { } next)
        {
            yield return next.DateTime;
            at = next;
        }
    }
}
