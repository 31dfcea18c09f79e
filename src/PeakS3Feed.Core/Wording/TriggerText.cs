using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Wording;

/// <summary>Describes when a trigger fires.</summary>
public static class TriggerText
{
    /// <summary>Returns the sentence; for an invalid trigger, its problem.</summary>
    public static string Describe(S3FeedTrigger trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        try
        {
            TriggerRules.ThrowIfInvalid(trigger);
            return Sentence(trigger);
        }
        catch (FeedException error)
        {
            return error.Message;
        }
    }

    /// <summary>Returns why a trigger does not fire now, and when it does.</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="feed">Its feed; null if there is none.</param>
    /// <param name="now">The time.</param>
    /// <returns>The sentence, and whether the trigger could be fired by name.</returns>
    public static (string Text, bool MayFire) DescribeWaiting(S3FeedTrigger trigger, S3Feed? feed, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        if (feed is not { Enabled: true })
            return ($"Feed {trigger.FeedName} {(feed is null ? "does not exist" : "is disabled")}, so its trigger {trigger.Name} did not fire.", false);
        try
        {
            return (DescribeNext(trigger, now), true);
        }
        catch (FeedException error)
        {
            return ($"Trigger {trigger.Name} cannot fire. {error.Message}", false);
        }
    }

    private static string DescribeNext(S3FeedTrigger trigger, DateTimeOffset now)
    {
        if (!trigger.Enabled)
            return $"Trigger {trigger.Name} is disabled, so it did not fire.";
        if (trigger.Kind == TriggerKind.Webhook)
            return $"Trigger {trigger.Name} fires when its webhook is called, so it did not fire.";
        if (trigger.Kind == TriggerKind.Queue)
            return $"Trigger {trigger.Name} fires when its queue announces an object, so it did not fire.";
        if (TriggerSchedule.From(trigger)?.NextAfter(now) is not { } next)
            return $"Trigger {trigger.Name} is not due, and never will be again.";
        var shown = Shown(trigger, next);
        return string.Create(
            CultureInfo.InvariantCulture, $"Trigger {trigger.Name} is not due. It fires next on {shown:yyyy-MM-dd} at {shown:HH:mm:ss zzz}.");
    }

    /// <summary>Converts an instant to the trigger's time zone.</summary>
    public static DateTimeOffset Shown(S3FeedTrigger trigger, DateTimeOffset instant)
        => TriggerTimeZone.TryFind(trigger.TimeZone, out var zone) ? TimeZoneInfo.ConvertTime(instant, zone) : instant;

    private static string Sentence(S3FeedTrigger trigger) => trigger.Kind switch
    {
        TriggerKind.Webhook when trigger.SecretHash is null => "When its webhook is called. The webhook has no secret yet.",
        TriggerKind.Webhook => "When its webhook is called.",
        TriggerKind.Queue => $"When the queue {QueueAddress.GetName(trigger.Queue!).Name} announces an object.",
        TriggerKind.Once => string.Create(CultureInfo.InvariantCulture, $"Once, on {trigger.OnceAt:yyyy-MM-dd} at {trigger.OnceAt:HH:mm:ss zzz}."),
        TriggerKind.Every => $"Every {Interval(trigger.Every!.Value)}.",
        TriggerKind.Cron when CronText.Parse(trigger.Cron!) is { IsUnix: true } unix
            => $"{CronWords.Describe(unix)} ({Zone(trigger)}). This is Unix cron. In Quartz syntax: {unix.Expression}",
        _ => $"{CronWords.Describe(TriggerSchedule.GetCron(trigger))} ({Zone(trigger)}).",
    };

    private static string Zone(S3FeedTrigger trigger) => trigger.TimeZone ?? "UTC";

    private static string Interval(TimeSpan interval)
    {
        (int Count, string Unit)[] parts =
            [(interval.Days, "day"), (interval.Hours, "hour"), (interval.Minutes, "minute"), (interval.Seconds, "second")];
        var words = parts.Where(p => p.Count > 0).Select(p => Quantities.Count(p.Count, p.Unit)).ToList();
        return words is [['1', ' ', .. var unit]] ? unit : EnglishList.Join(words);
    }
}
