using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>A time at which a trigger will fire.</summary>
/// <param name="TriggerName">The trigger.</param>
/// <param name="FeedName">The feed that it runs.</param>
/// <param name="At">The time in the trigger's time zone.</param>
/// <param name="Utc">The same instant, UTC.</param>
public sealed record S3FeedFireTime(string TriggerName, string FeedName, DateTimeOffset At, DateTimeOffset Utc);

/// <summary>Computes the fire times of triggers, in their time zones.</summary>
internal static class FireTimes
{
    /// <summary>Returns the next fire times; none for a trigger without a schedule or with an invalid definition.</summary>
    public static IReadOnlyList<DateTimeOffset> Next(S3FeedTrigger trigger, DateTimeOffset after, int count)
    {
        try
        {
            // An array, so that PowerShell can index it.
            return (TriggerSchedule.From(trigger)?.After(after) ?? []).Take(count).Select(t => TriggerText.Shown(trigger, t)).ToArray();
        }
        catch (FeedException)
        {
            return [];
        }
    }
}
