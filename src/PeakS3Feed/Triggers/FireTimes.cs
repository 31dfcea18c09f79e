using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Computes the fire times of triggers, in their time zones.</summary>
internal static class FireTimes
{
    /// <summary>Returns the next fire times; none for a trigger without a schedule or with an invalid definition.</summary>
    public static IReadOnlyList<DateTimeOffset> Next(S3FeedTrigger trigger, DateTimeOffset after, int count)
    {
        try
        {
            return (TriggerSchedule.From(trigger)?.After(after) ?? []).Take(count).Select(t => TriggerText.Shown(trigger, t)).ToArray(); // an array, so that PowerShell can index it
        }
        catch (FeedException)
        {
            return [];
        }
    }
}
