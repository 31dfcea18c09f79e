using PeakS3Feed.Connections;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>The settings that decide which objects a feed has. After a change of one of them, events alone do not find all objects.</summary>
internal static class ListingSettings
{
    /// <summary>Returns the settings as a text to compare.</summary>
    public static string Describe(S3Feed feed, S3Connection connection)
    {
        string[] parts =
        [
            connection.EndpointUrl ?? "", connection.BucketName, FeedObjects.Prefix(feed, connection), feed.FileType.ToString(),
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{feed.HistoricalDate:yyyy-MM-dd}"), feed.OnChangedObject.ToString(),
            string.Join('\n', feed.Include), string.Join('\n', feed.Exclude),
        ];
        return string.Join("\n\n", parts);
    }
}
