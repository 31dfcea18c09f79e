using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store.Documents;

/// <summary>A trigger as it is written; null stands for the default, or for what its kind does not have.</summary>
internal sealed class TriggerDocument : Document
{
    public Guid? Id { get; set; }

    public string? Name { get; set; }

    public string? FeedName { get; set; }

    public TriggerKind? Kind { get; set; }

    public TimeOnly? At { get; set; }

    public List<DayOfWeek>? DaysOfWeek { get; set; }

    public TimeSpan? Every { get; set; }

    public string? Cron { get; set; }

    public DateTimeOffset? OnceAt { get; set; }

    public string? TimeZone { get; set; }

    public MisfireAction? Misfire { get; set; }

    public string? WebhookId { get; set; }

    public string? SecretHash { get; set; }

    public string? SigningKey { get; set; }

    public bool? Enabled { get; set; }

    public DateTimeOffset? Since { get; set; }
}
