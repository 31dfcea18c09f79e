using PeakS3Feed.Errors;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store.Documents;

/// <summary>Watchers to and from their documents.</summary>
internal static class WatcherMapping
{
    /// <summary>The watcher, or null when its kind is missing (which is then a problem).</summary>
    public static S3FeedWatcher? ToDefinition(WatcherDocument document, List<DefinitionProblem> problems)
    {
        if (document.Kind is not { } kind)
        {
            problems.Add(new(nameof(document.Kind), "kind is missing.", "Write \"kind\": \"Email\" or \"kind\": \"Webhook\"."));
            return null;
        }

        return new()
        {
            Id = document.Id ?? Guid.NewGuid(),
            Name = Mapping.Required(document.Name, nameof(S3FeedWatcher.Name), problems),
            FeedName = Mapping.Required(document.FeedName, nameof(S3FeedWatcher.FeedName), problems),
            Kind = kind,
            Events = document.Events ?? [],
            LongerThan = document.LongerThan,
            ArrivesBy = document.ArrivesBy,
            ArrivesOn = document.ArrivesOn ?? [],
            TimeZone = document.TimeZone,
            To = document.To ?? [],
            From = document.From,
            SmtpHost = document.SmtpHost,
            SmtpPort = document.SmtpPort ?? 0,
            Security = document.Security ?? default,
            Username = document.Username,
            Password = document.Password,
            Url = document.Url,
            SigningKey = document.SigningKey,
            Enabled = document.Enabled ?? true,
            Since = document.Since,
        };
    }

    public static WatcherDocument ToDocument(S3FeedWatcher watcher) => new()
    {
        Id = watcher.Id,
        Name = watcher.Name,
        FeedName = watcher.FeedName,
        Kind = watcher.Kind,
        Events = [.. watcher.Events],
        LongerThan = watcher.LongerThan,
        ArrivesBy = watcher.ArrivesBy,
        ArrivesOn = watcher.ArrivesOn.Count == 0 ? null : [.. watcher.ArrivesOn],
        TimeZone = watcher.TimeZone,
        To = Mapping.UnlessEmpty(watcher.To),
        From = watcher.From,
        SmtpHost = watcher.SmtpHost,
        SmtpPort = Mapping.UnlessValue(watcher.SmtpPort, 0),
        Security = Mapping.UnlessValue(watcher.Security, default),
        Username = watcher.Username,
        Password = watcher.Password,
        Url = watcher.Url,
        SigningKey = watcher.SigningKey,
        Enabled = Mapping.UnlessValue(watcher.Enabled, standard: true),
        Since = watcher.Since,
    };
}
