using System.Management.Automation;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>A trigger, what it says in words, and when it fires.</summary>
public sealed class S3FeedTriggerInfo
{
    /// <summary>How many fire times to come are shown.</summary>
    public const int ShownTimes = 5;

    internal S3FeedTriggerInfo(S3FeedTrigger trigger, DateTimeOffset now, S3FeedFire? lastFire = null, string? secret = null)
    {
        Definition = trigger;
        Description = TriggerText.Describe(trigger);
        NextFireTimes = trigger.Enabled ? FireTimes.Next(trigger, now, ShownTimes) : [];
        LastFire = lastFire;
        Secret = secret;
    }

    /// <summary>The trigger's name.</summary>
    public string Name => Definition.Name;

    /// <summary>The feed that it runs.</summary>
    public string FeedName => Definition.FeedName;

    /// <summary>What it fires at.</summary>
    public TriggerKind Kind => Definition.Kind;

    /// <summary>Whether it fires.</summary>
    public bool Enabled => Definition.Enabled;

    /// <summary>When it fires, in words.</summary>
    public string Description { get; }

    /// <summary>The next times at which it fires by its schedule, on the clocks of its time zone; empty for a webhook and while it is disabled.</summary>
    public IReadOnlyList<DateTimeOffset> NextFireTimes { get; }

    /// <summary>The last time it fired, or was due and did not, and what became of it; null when there was none.</summary>
    public S3FeedFire? LastFire { get; }

    /// <summary>What becomes of fires that were missed.</summary>
    public MisfireAction Misfire => Definition.Misfire;

    /// <summary>The time zone of its clock, or null.</summary>
    public string? TimeZone => Definition.TimeZone;

    /// <summary>Of a webhook: the path at the worker's address that requests go to.</summary>
    public string? WebhookPath => Definition.WebhookId is { } id ? $"/hooks/{id}" : null;

    /// <summary>Of a webhook whose secret was just made: the secret. Nobody can read it again.</summary>
    public string? Secret { get; }

    /// <summary>The definition.</summary>
    public S3FeedTrigger Definition { get; }

    /// <summary>The same, shown with its fire times and not as a row among others.</summary>
    internal static PSObject Made(S3FeedTriggerInfo trigger)
    {
        var shown = new PSObject(trigger);
        shown.TypeNames.Insert(0, typeof(S3FeedTriggerInfo).FullName + "#Made");
        return shown;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
