namespace PeakS3Feed.Triggers;

/// <summary>What a trigger fires at.</summary>
public enum TriggerKind
{
    /// <summary>A time of each day.</summary>
    Daily,

    /// <summary>A time of some days of the week.</summary>
    Weekly,

    /// <summary>An interval.</summary>
    Every,

    /// <summary>The times of a cron expression.</summary>
    Cron,

    /// <summary>One instant.</summary>
    Once,

    /// <summary>A request to a URL of its own.</summary>
    Webhook,
}
