using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store.Documents;

/// <summary>A watcher as it is written; null stands for the default, or for what its kind does not have.</summary>
internal sealed class WatcherDocument : Document
{
    public Guid? Id { get; set; }

    public string? Name { get; set; }

    public string? FeedName { get; set; }

    public WatcherKind? Kind { get; set; }

    public List<WatcherEvent>? Events { get; set; }

    public TimeSpan? LongerThan { get; set; }

    public TimeOnly? ArrivesBy { get; set; }

    public List<DayOfWeek>? ArrivesOn { get; set; }

    public string? TimeZone { get; set; }

    public List<string>? To { get; set; }

    public string? From { get; set; }

    public string? SmtpHost { get; set; }

    public int? SmtpPort { get; set; }

    public SmtpSecurity? Security { get; set; }

    public string? Username { get; set; }

    public string? Password { get; set; }

    public string? Url { get; set; }

    public string? SigningKey { get; set; }

    public bool? Enabled { get; set; }

    public DateTimeOffset? Since { get; set; }
}
