using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>A feed with what it names, all of it valid.</summary>
internal sealed record ResolvedFeed(S3Feed Feed, S3Connection Connection, S3FeedDestination Destination)
{
    /// <summary>Whether a watcher watches its runs.</summary>
    public bool IsWatched { get; init; }

    /// <summary>A feed, which need not be in the store, with what it names; throws where one of them is missing or does not fit the others.</summary>
    public static ResolvedFeed From(StoreDefinitions definitions, S3Feed feed, DestinationKinds kinds)
    {
        var connection = definitions.GetConnection(feed.ConnectionName);
        var destination = DestinationOf(definitions, feed);
        StoreDefinitions.ThrowIfInvalid(feed, connection, destination, kinds);
        return new(feed, connection, destination) { IsWatched = definitions.Watchers.Any(w => w.Enabled && w.Watches(feed.Name)) };
    }

    /// <summary>The destination of a feed, also where the feed breaks another rule.</summary>
    public static S3FeedDestination DestinationOf(StoreDefinitions definitions, S3Feed feed)
        => feed.DestinationNames.Count == 1 ? definitions.GetDestination(feed.DestinationNames[0]) : throw EngineErrors.OneDestination(feed);
}
