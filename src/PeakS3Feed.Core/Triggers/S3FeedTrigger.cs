using PeakS3Feed.Definitions;

namespace PeakS3Feed.Triggers;

/// <summary>What fires a trigger.</summary>
public enum TriggerKind
{
    /// <summary>A time on every day.</summary>
    Daily,

    /// <summary>A time on some days of the week.</summary>
    Weekly,

    /// <summary>An interval.</summary>
    Every,

    /// <summary>The times of a cron expression.</summary>
    Cron,

    /// <summary>One instant.</summary>
    Once,

    /// <summary>A request to the trigger's own URL.</summary>
    Webhook,

    /// <summary>A message of an SQS queue that announces an object.</summary>
    Queue,
}

/// <summary>What happens to fires that were due while no process could start them.</summary>
public enum MisfireAction
{
    /// <summary>The feed runs once, for all of them.</summary>
    RunOnce,

    /// <summary>They are recorded as missed, and do not run.</summary>
    Skip,
}

/// <summary>When a feed runs unattended: a schedule, an instant, a request or an event of its bucket. A feed may have several triggers. Immutable.</summary>
public sealed record S3FeedTrigger : DefinitionRecord
{
    /// <summary>The trigger's id, which export, import and a rename of the feed preserve. Its fires are recorded under this id.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The name: letters, digits and underscores, unique regardless of case.</summary>
    public required string Name { get; init; }

    /// <summary>The feed to run.</summary>
    public required string FeedName { get; init; }

    /// <summary>The kind of trigger.</summary>
    public required TriggerKind Kind { get; init; }

    /// <summary>For Daily and Weekly: the time of day in <see cref="TimeZone"/>.</summary>
    public TimeOnly? At { get; init; }

    /// <summary>For Weekly: the days.</summary>
    public IReadOnlyList<DayOfWeek> DaysOfWeek { get; init; } = [];

    /// <summary>For Every: the interval, counted from 1970-01-01 00:00 UTC. So every two minutes means the even minutes.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>For Cron: the expression as given, with 6 or 7 fields of Quartz or 5 of Unix.</summary>
    public string? Cron { get; init; }

    /// <summary>For Once: the instant.</summary>
    public DateTimeOffset? OnceAt { get; init; }

    /// <summary>For Daily, Weekly and Cron: the time zone, an IANA or Windows id; null for UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What happens to missed fires.</summary>
    public MisfireAction Misfire { get; init; }

    /// <summary>For Webhook: the last part of the URL's path, 22 random characters.</summary>
    public string? WebhookId { get; init; }

    /// <summary>For Webhook: the salted hash of the secret. Null if it has none; then every request is refused.</summary>
    public string? SecretHash { get; init; }

    /// <summary>For Webhook: the reference to the key that must sign requests; null if they need no signature.</summary>
    public string? SigningKey { get; init; }

    /// <summary>For Queue: the URL of the SQS queue that gets the events of the bucket. Several triggers may have the same queue.</summary>
    public string? Queue { get; init; }

    /// <summary>Whether the trigger fires.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The time since which the trigger is enabled in its present form, in UTC; null if unknown. Fires that were due before do not count as missed.
    /// </summary>
    [DefinitionMember(StoreOnly = true)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
