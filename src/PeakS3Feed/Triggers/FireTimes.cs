using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>The fire times of triggers, on the clocks of their time zones.</summary>
internal static class FireTimes
{
    /// <summary>The next ones; none for a trigger without a schedule, or one that breaks a rule.</summary>
    public static IReadOnlyList<DateTimeOffset> Next(S3FeedTrigger trigger, DateTimeOffset after, int count)
    {
        try
        {
            return (TriggerSchedule.From(trigger)?.After(after) ?? []).Take(count).Select(t => TriggerText.Shown(trigger, t)).ToArray(); // which PowerShell can index
        }
        catch (FeedException)
        {
            return [];
        }
    }
}
