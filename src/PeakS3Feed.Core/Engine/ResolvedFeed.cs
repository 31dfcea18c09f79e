using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Engine;

/// <summary>A feed with what it names, all of it valid.</summary>
internal sealed record ResolvedFeed(S3Feed Feed, S3Connection Connection, S3FeedDestination Destination)
{
    /// <summary>Whether a watcher tells of its runs.</summary>
    public bool IsWatched { get; init; }
}
