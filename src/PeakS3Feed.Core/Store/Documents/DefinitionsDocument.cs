namespace PeakS3Feed.Store.Documents;

/// <summary>The definitions file as a whole; an export has the same shape.</summary>
internal sealed class DefinitionsDocument : Document
{
    public string? FormatVersion { get; set; }

    public List<ConnectionDocument>? Connections { get; set; }

    public List<FeedDocument>? Feeds { get; set; }

    public List<DestinationDocument>? Destinations { get; set; }

    public List<TriggerDocument>? Triggers { get; set; }

    public List<WatcherDocument>? Watchers { get; set; }
}
