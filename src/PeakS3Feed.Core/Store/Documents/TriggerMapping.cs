using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store.Documents;

/// <summary>Triggers to and from their documents.</summary>
internal static class TriggerMapping
{
    /// <summary>The trigger, or null when its kind is missing (which is then a problem).</summary>
    public static S3FeedTrigger? ToDefinition(TriggerDocument document, List<DefinitionProblem> problems)
    {
        if (document.Kind is not { } kind)
        {
            problems.Add(new(nameof(document.Kind), "kind is missing.", $"Write one of {string.Join(", ", Enum.GetNames<TriggerKind>())}."));
            return null;
        }

        return new()
        {
            Id = document.Id ?? Guid.NewGuid(),
            Name = Mapping.Required(document.Name, nameof(S3FeedTrigger.Name), problems),
            FeedName = Mapping.Required(document.FeedName, nameof(S3FeedTrigger.FeedName), problems),
            Kind = kind,
            At = document.At,
            DaysOfWeek = document.DaysOfWeek ?? [],
            Every = document.Every,
            Cron = document.Cron,
            OnceAt = document.OnceAt,
            TimeZone = document.TimeZone,
            Misfire = document.Misfire ?? default,
            WebhookId = document.WebhookId,
            SecretHash = document.SecretHash,
            SigningKey = document.SigningKey,
            Enabled = document.Enabled ?? true,
            Since = document.Since,
        };
    }

    public static TriggerDocument ToDocument(S3FeedTrigger trigger) => new()
    {
        Id = trigger.Id,
        Name = trigger.Name,
        FeedName = trigger.FeedName,
        Kind = trigger.Kind,
        At = trigger.At,
        DaysOfWeek = trigger.DaysOfWeek.Count == 0 ? null : [.. trigger.DaysOfWeek],
        Every = trigger.Every,
        Cron = trigger.Cron,
        OnceAt = trigger.OnceAt,
        TimeZone = trigger.TimeZone,
        Misfire = Mapping.UnlessValue(trigger.Misfire, default),
        WebhookId = trigger.WebhookId,
        SecretHash = trigger.SecretHash,
        SigningKey = trigger.SigningKey,
        Enabled = Mapping.UnlessValue(trigger.Enabled, standard: true),
        Since = trigger.Since,
    };
}
