namespace PeakS3Feed.Store.Documents;

/// <summary>Whole stores to their documents.</summary>
internal static class DefinitionsDocuments
{
    public static DefinitionsDocument Of(StoreDefinitions definitions) => new()
    {
        FormatVersion = FormatVersion.Current.ToString(),
        Connections = [.. definitions.Connections.Select(ConnectionMapping.ToDocument)],
        Feeds = [.. definitions.Feeds.Select(FeedMapping.ToDocument)],
        Destinations = [.. definitions.Destinations.Select(DestinationMapping.ToDocument)],
        Triggers = definitions.Triggers.Count == 0 ? null : [.. definitions.Triggers.Select(TriggerMapping.ToDocument)],
        Watchers = definitions.Watchers.Count == 0 ? null : [.. definitions.Watchers.Select(WatcherMapping.ToDocument)],
    };
}
