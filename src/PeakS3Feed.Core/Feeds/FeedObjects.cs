using PeakS3Feed.Connections;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds;

/// <summary>Selects the objects of a connection that belong to a feed.</summary>
internal static class FeedObjects
{
    /// <summary>Returns the prefix of all keys of the feed.</summary>
    public static string Prefix(S3Feed feed, S3Connection connection) => feed.Path is null or "/" ? connection.RootPrefix : feed.Path;

    /// <summary>Returns the matcher of the feed's objects.</summary>
    public static ObjectMatcher Matcher(S3Feed feed, S3Connection connection)
        => new(Prefix(feed, connection), feed.FileType, feed.Include, feed.Exclude, feed.HistoricalDate);

    /// <summary>Returns whether objects with one of these keys would belong to the feed, by their names alone.</summary>
    public static bool MatchesAny(S3Feed feed, S3Connection connection, IEnumerable<string> keys)
        => keys.Any(Matcher(feed, connection).MatchesName);

    /// <summary>Returns the matcher of names under another path.</summary>
    public static ObjectMatcher NamesUnder(S3Feed feed, string path) => new(path, feed.FileType, feed.Include, feed.Exclude);
}
