using PeakS3Feed.Definitions;

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

/// <summary>What becomes of fires that were due while nothing ran that could have fired them.</summary>
public enum MisfireAction
{
    /// <summary>The feed runs once, however many there were.</summary>
    RunOnce,

    /// <summary>They are written down as missed, and the next one is awaited.</summary>
    Skip,
}

/// <summary>When a feed runs by itself: a schedule, an instant or a request. A feed may have several. Immutable.</summary>
public sealed record S3FeedTrigger : WrittenRecord
{
    /// <summary>The trigger's identity, kept through export, import and rename of the feed; its fires are recorded under it.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The name: letters, digits and underscores, unique regardless of case.</summary>
    public required string Name { get; init; }

    /// <summary>The feed that it runs.</summary>
    public required string FeedName { get; init; }

    /// <summary>The kind of trigger.</summary>
    public required TriggerKind Kind { get; init; }

    /// <summary>The time of day, for Daily and Weekly; on the clocks of <see cref="TimeZone"/>.</summary>
    public TimeOnly? At { get; init; }

    /// <summary>The days, for Weekly.</summary>
    public IReadOnlyList<DayOfWeek> DaysOfWeek { get; init; } = [];

    /// <summary>The interval, for Every. Counted from midnight UTC of 1970-01-01, so every two minutes means the even minutes.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The expression as it was given, for Cron: 6 or 7 fields of Quartz, or 5 of Unix.</summary>
    public string? Cron { get; init; }

    /// <summary>The instant, for Once.</summary>
    public DateTimeOffset? OnceAt { get; init; }

    /// <summary>The time zone of Daily, Weekly and Cron: an IANA or Windows id; null for UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The treatment of missed fires.</summary>
    public MisfireAction Misfire { get; init; }

    /// <summary>The last part of the URL's path, for Webhook: 22 characters that nobody can guess.</summary>
    public string? WebhookId { get; init; }

    /// <summary>The salted hash of the webhook's secret; null while it has none, and then no request is let in.</summary>
    public string? SecretHash { get; init; }

    /// <summary>The reference to the key that requests to the webhook must be signed with; null where they need not be signed.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Whether it fires.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What was due before was not missed: the instant since when the trigger is as it is and enabled, UTC; null where nobody knows.</summary>
    [Written(StoreOnly = true)]
    public DateTimeOffset? Since { get; init; }
}
