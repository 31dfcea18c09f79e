using PeakS3Feed.Errors;

namespace PeakS3Feed.Triggers;

/// <summary>The instants at which a trigger is due.</summary>
public abstract class TriggerSchedule
{
    // Look-back windows, shortest first, so that few fires are enumerated whatever the interval.
    private static readonly TimeSpan[] LookBackWindows =
        [TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(32), TimeSpan.FromDays(367)];

    /// <summary>Returns the schedule of a trigger; null for a webhook and for a queue.</summary>
    /// <exception cref="FeedException"><c>TriggerInvalid</c>.</exception>
    public static TriggerSchedule? From(S3FeedTrigger trigger)
    {
        TriggerRules.ThrowIfInvalid(trigger);
        return trigger.Kind switch
        {
            TriggerKind.Webhook or TriggerKind.Queue => null,
            TriggerKind.Once => new OnceSchedule(trigger.OnceAt!.Value),
            TriggerKind.Every => new EverySchedule(trigger.Every!.Value),
            _ => CronSchedule.From(GetCron(trigger), Zone(trigger)),
        };
    }

    /// <summary>Returns the first instant after <paramref name="after"/>, in UTC; null if there is none.</summary>
    public abstract DateTimeOffset? NextAfter(DateTimeOffset after);

    /// <summary>Enumerates all instants after <paramref name="after"/>, on demand.</summary>
    public IEnumerable<DateTimeOffset> After(DateTimeOffset after)
    {
        for (var next = NextAfter(after); next is { } due; next = NextAfter(due))
            yield return due;
    }

    /// <summary>Returns the last instant after <paramref name="after"/> and not after <paramref name="until"/>; null if there is none.</summary>
    public DateTimeOffset? LastUpTo(DateTimeOffset until, DateTimeOffset after)
    {
        foreach (var back in LookBackWindows)
        {
            var from = until - back;
            if (from <= after)
                break;
            if (NextAfter(from) <= until)
                return Last(from);
        }

        return Last(after);

        DateTimeOffset? Last(DateTimeOffset from) => After(from).TakeWhile(t => t <= until).Select(t => (DateTimeOffset?)t).LastOrDefault();
    }

    /// <summary>Returns the cron expression of a trigger whose kind has a time zone.</summary>
    internal static CronText GetCron(S3FeedTrigger trigger) => trigger.Kind switch
    {
        TriggerKind.Daily => CronText.At(trigger.At!.Value, []),
        TriggerKind.Weekly => CronText.At(trigger.At!.Value, trigger.DaysOfWeek),
        _ => CronText.Parse(trigger.Cron!),
    };

    private static TimeZoneInfo Zone(S3FeedTrigger trigger)
        => TriggerTimeZone.TryFind(trigger.TimeZone, out var zone) ? zone : throw TriggerErrors.ZoneUnknown(trigger.TimeZone!);
}

/// <summary>The schedule of one instant.</summary>
internal sealed class OnceSchedule(DateTimeOffset at) : TriggerSchedule
{
    public override DateTimeOffset? NextAfter(DateTimeOffset after) => at > after ? at.ToUniversalTime() : null;
}

/// <summary>The multiples of an interval since 1970, so that all workers agree without a stored start.</summary>
internal sealed class EverySchedule(TimeSpan interval) : TriggerSchedule
{
    public override DateTimeOffset? NextAfter(DateTimeOffset after)
    {
        var passed = Math.DivRem((after - DateTimeOffset.UnixEpoch).Ticks, interval.Ticks, out var rest);
        if (rest < 0)
            passed--;
        return DateTimeOffset.UnixEpoch + TimeSpan.FromTicks((passed + 1) * interval.Ticks);
    }
}

/// <summary>
/// The times of a cron expression in a time zone. A local time that occurs twice fires at its first occurrence. An expression that fires in every
/// hour fires in both occurrences of a repeated hour.
/// </summary>
internal sealed class CronSchedule : TriggerSchedule
{
    // The largest change of a zone's offset, except for zones that moved across the date line.
    private static readonly TimeSpan MaxOffsetChange = TimeSpan.FromHours(3);

    private readonly CronTimes _times;
    private readonly WallClock _clock;
    private readonly bool _everyHour;

    private CronSchedule(CronTimes times, WallClock clock, bool everyHour) => (_times, _clock, _everyHour) = (times, clock, everyHour);

    public static CronSchedule From(CronText cron, TimeZoneInfo zone)
        // Computes local times as if they were UTC. WallClock converts them to instants.
        => new(CronTimes.From(cron.Fields), new WallClock(zone), cron.FiresInEveryHour);

    public override DateTimeOffset? NextAfter(DateTimeOffset after)
    {
        var next = Shown(_clock.At(after)).Select(_clock.First).Where(t => t > after).Select(t => (DateTimeOffset?)t).FirstOrDefault();
        return _everyHour && next is { } first && _clock.ClocksGoBack(after, first) ? Earlier(SecondAfter(after, first), first) : next;
    }

    // Returns the first instant at which a local time occurs for the second time.
    private DateTimeOffset? SecondAfter(DateTimeOffset after, DateTimeOffset until) => Shown(_clock.At(after) - MaxOffsetChange)
        .TakeWhile(t => t < _clock.At(until) + MaxOffsetChange)
        .Select(_clock.Second).FirstOrDefault(t => t > after);

    private static DateTimeOffset Earlier(DateTimeOffset? second, DateTimeOffset first) => second < first ? second.Value : first;

    private IEnumerable<DateTime> Shown(DateTime after)
    {
        for (var next = _times.NextAfter(after); next is { } time; next = _times.NextAfter(time))
            yield return time;
    }
}
