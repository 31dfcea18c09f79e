using PeakS3Feed.Feeds;
using PeakS3Feed.Store.Documents;

namespace PeakS3Feed.Store;

/// <summary>What follows from changing a feed, whoever does it: an import, an edit of settings, a command.</summary>
internal static class FeedChanges
{
    /// <summary>
    /// The feed in the table that it has. What it has loaded is recorded under its id and table: under a new name alone, everything
    /// would be loaded once more.
    /// </summary>
    public static S3Feed InItsTable(S3Feed? old, S3Feed feed)
        => old is not null && feed.Table is null && !string.Equals(feed.Name, old.Name, StringComparison.Ordinal) ? feed with { Table = old.TableName } : feed;

    /// <summary>Whether two feeds are the same as they are written: their lists are never the same object.</summary>
    public static bool Same(S3Feed left, S3Feed right) => Written(left).AsSpan().SequenceEqual(Written(right));

    private static byte[] Written(S3Feed feed) => DefinitionsFormat.Write(new() { Feeds = [FeedMapping.ToDocument(feed)] });
}
