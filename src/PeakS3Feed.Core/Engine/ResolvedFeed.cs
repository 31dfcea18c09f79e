using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Engine;

/// <summary>A feed with what it names, all of it valid.</summary>
internal sealed record ResolvedFeed(S3Feed Feed, S3Connection Connection, IReadOnlyList<S3FeedDestination> Destinations)
{
    /// <summary>Whether a watcher watches its runs.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The ids of its triggers whose queues announce objects.</summary>
    public IReadOnlyList<Guid> QueueTriggers { get; init; } = [];

    /// <summary>A feed, which need not be in the store, with what it names; throws where one of them is missing or does not fit the others.</summary>
    public static ResolvedFeed From(StoreDefinitions definitions, S3Feed feed, DestinationKinds kinds)
    {
        var connection = definitions.GetConnection(feed.ConnectionName);
        var destinations = DestinationsOf(definitions, feed);
        StoreDefinitions.ThrowIfInvalid(feed, connection, destinations, kinds);
        if (StagingOverlap.Find(definitions, feed, kinds) is { } overlap) throw StoreErrors.StageWouldBeRead(overlap);
        return new(feed, connection, destinations)
        {
            IsWatched = definitions.Watchers.Any(w => w.Enabled && w.Watches(feed.Name)),
            QueueTriggers = [.. definitions.Triggers
                .Where(t => t.Kind == TriggerKind.Queue && string.Equals(t.FeedName, feed.Name, StringComparison.OrdinalIgnoreCase))
                .Select(t => t.Id)],
        };
    }

    /// <summary>The destinations of a feed, also where the feed breaks another rule.</summary>
    public static IReadOnlyList<S3FeedDestination> DestinationsOf(StoreDefinitions definitions, S3Feed feed)
        => [.. feed.DestinationNames.Select(definitions.GetDestination)];
}
