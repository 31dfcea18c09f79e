using PeakS3Feed.Errors;

namespace PeakS3Feed.Triggers;

/// <summary>The instants at which a trigger is due.</summary>
public abstract class TriggerSchedule
{
    // From each the first fire is looked for, and from there on the last: seldom more than some dozens of steps, however seldom or often it fires.
    private static readonly TimeSpan[] LooksBack =
        [TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(32), TimeSpan.FromDays(367)];

    /// <summary>The schedule of a trigger, or null: a webhook has none.</summary>
    /// <exception cref="FeedException"><c>TriggerInvalid</c>.</exception>
    public static TriggerSchedule? Of(S3FeedTrigger trigger)
    {
        TriggerRules.Demand(trigger);
        return trigger.Kind switch
        {
            TriggerKind.Webhook => null,
            TriggerKind.Once => new OnceSchedule(trigger.OnceAt!.Value),
            TriggerKind.Every => new EverySchedule(trigger.Every!.Value),
            _ => CronSchedule.Of(CronOf(trigger), Zone(trigger)),
        };
    }

    /// <summary>The first instant after that one, UTC; null when there is none any more.</summary>
    public abstract DateTimeOffset? NextAfter(DateTimeOffset after);

    /// <summary>All instants after that one, as they are asked for.</summary>
    public IEnumerable<DateTimeOffset> After(DateTimeOffset after)
    {
        for (var next = NextAfter(after); next is { } due; next = NextAfter(due))
            yield return due;
    }

    /// <summary>The last instant up to <paramref name="until"/>, that included, and after <paramref name="after"/>; null when there is none.</summary>
    public DateTimeOffset? LastUpTo(DateTimeOffset until, DateTimeOffset after)
    {
        foreach (var back in LooksBack)
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

    /// <summary>The expression of a trigger that goes by the clocks.</summary>
    internal static CronText CronOf(S3FeedTrigger trigger) => trigger.Kind switch
    {
        TriggerKind.Daily => CronText.At(trigger.At!.Value, []),
        TriggerKind.Weekly => CronText.At(trigger.At!.Value, trigger.DaysOfWeek),
        _ => CronText.Parse(trigger.Cron!),
    };

    private static TimeZoneInfo Zone(S3FeedTrigger trigger)
        => TriggerTimeZone.TryFind(trigger.TimeZone, out var zone) ? zone : throw TriggerErrors.ZoneUnknown(trigger.TimeZone!);
}
