namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>A time at which a trigger will fire.</summary>
/// <param name="TriggerName">The trigger.</param>
/// <param name="FeedName">The feed that it runs.</param>
/// <param name="At">The time in the trigger's time zone.</param>
/// <param name="Utc">The same instant, UTC.</param>
public sealed record S3FeedFireTime(string TriggerName, string FeedName, DateTimeOffset At, DateTimeOffset Utc);
