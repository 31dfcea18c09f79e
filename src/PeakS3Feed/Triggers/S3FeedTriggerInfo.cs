using System.Management.Automation;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;
using PeakS3Feed.Triggers.Queues;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>A trigger, its description in words, and its fire times.</summary>
public sealed class S3FeedTriggerInfo
{
    /// <summary>The number of next fire times.</summary>
    public const int ShownTimes = 5;

    internal S3FeedTriggerInfo(S3FeedTrigger trigger, DateTimeOffset now, S3FeedFire? lastFire = null, string? secret = null,
        QueueState? queue = null)
    {
        Definition = trigger;
        Description = TriggerText.Describe(trigger);
        NextFireTimes = trigger.Enabled ? FireTimes.Next(trigger, now, ShownTimes) : [];
        LastFire = lastFire;
        Secret = secret;
        (LastMessageAt, QueueProblems) = (queue?.LastMessageAt, queue?.Problems ?? []);
    }

    /// <summary>The trigger's name.</summary>
    public string Name => Definition.Name;

    /// <summary>The feed that it runs.</summary>
    public string FeedName => Definition.FeedName;

    /// <summary>The trigger's id, under which its fires are recorded.</summary>
    public Guid Id => Definition.Id;

    /// <summary>The kind of trigger.</summary>
    public TriggerKind Kind => Definition.Kind;

    /// <summary>Whether it is enabled.</summary>
    public bool Enabled => Definition.Enabled;

    /// <summary>The schedule in words.</summary>
    public string Description { get; }

    /// <summary>
    /// The next fire times by its schedule, in its time zone; empty for a webhook, for a queue and while it is disabled.
    /// </summary>
    public IReadOnlyList<DateTimeOffset> NextFireTimes { get; }

    /// <summary>The last fire and its outcome, including a skipped or missed one; null if there is none.</summary>
    public S3FeedFire? LastFire { get; }

    /// <summary>What happens to missed fires.</summary>
    public MisfireAction Misfire => Definition.Misfire;

    /// <summary>The time of day of a Daily or Weekly trigger; the instant of one that fires once; otherwise null.</summary>
    public object? At => Definition.Kind == TriggerKind.Once ? Definition.OnceAt : Definition.At;

    /// <summary>For Weekly: the days.</summary>
    public IReadOnlyList<DayOfWeek> DaysOfWeek => Definition.DaysOfWeek;

    /// <summary>For Every: the interval.</summary>
    public TimeSpan? Every => Definition.Every;

    /// <summary>For Cron: the expression as given.</summary>
    public string? Cron => Definition.Cron;

    /// <summary>The time zone of its clock, or null.</summary>
    public string? TimeZone => Definition.TimeZone;

    /// <summary>The path of a webhook at the worker's address; null for other kinds.</summary>
    public string? WebhookPath => Definition.WebhookId is { } id ? $"/hooks/{id}" : null;

    /// <summary>For Webhook: the reference to the key that must sign requests; null if they need no signature.</summary>
    public string? SigningKey => Definition.SigningKey;

    /// <summary>For Queue: the URL of the SQS queue.</summary>
    public string? Queue => Definition.Queue;

    /// <summary>For Queue: when a message last arrived, in UTC; null if none has. A message that cannot be read does not count.</summary>
    public DateTimeOffset? LastMessageAt { get; }

    /// <summary>Why its queue or messages of it could not be read within the last day, or who else reads it; empty if all is well.</summary>
    public IReadOnlyList<QueueProblem> QueueProblems { get; }

    /// <summary>The secret of a webhook, if it was just created; otherwise null. It cannot be read again.</summary>
    public string? Secret { get; }

    internal S3FeedTrigger Definition { get; }

    /// <summary>Returns the same object with a view that shows it alone, with its fire times, instead of as a row of a table.</summary>
    internal PSObject WithDetailView()
    {
        var shown = new PSObject(this);
        shown.TypeNames.Insert(0, typeof(S3FeedTriggerInfo).FullName + "#Detail");
        return shown;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
