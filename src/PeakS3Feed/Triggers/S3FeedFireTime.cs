using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>A time at which a trigger will fire.</summary>
public sealed class S3FeedFireTime : S3FeedCheck
{
    /// <summary>The feed that the trigger runs; empty for an expression that is tested alone.</summary>
    public required string FeedName { get; init; }

    /// <summary>The time in the trigger's time zone.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The same instant, UTC.</summary>
    public required DateTimeOffset Utc { get; init; }
}

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
