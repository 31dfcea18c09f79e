using PeakS3Feed.Connections;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds;

/// <summary>Which objects of a connection a feed is about.</summary>
internal static class FeedObjects
{
    /// <summary>The prefix that all keys of the feed begin with.</summary>
    public static string Prefix(S3Feed feed, S3Connection connection) => feed.Path is null or "/" ? connection.RootPrefix : feed.Path;

    /// <summary>The rule of what belongs to the feed.</summary>
    public static ObjectMatcher Matcher(S3Feed feed, S3Connection connection)
        => new(Prefix(feed, connection), feed.FileType, feed.Include, feed.Exclude, feed.HistoricalDate);

    /// <summary>The rule of names if the feed had another path.</summary>
    public static ObjectMatcher NamesUnder(S3Feed feed, string path) => new(path, feed.FileType, feed.Include, feed.Exclude);
}
