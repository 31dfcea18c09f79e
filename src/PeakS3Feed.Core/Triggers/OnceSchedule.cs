namespace PeakS3Feed.Triggers;

/// <summary>One instant.</summary>
internal sealed class OnceSchedule(DateTimeOffset at) : TriggerSchedule
{
    public override DateTimeOffset? NextAfter(DateTimeOffset after) => at > after ? at.ToUniversalTime() : null;
}
