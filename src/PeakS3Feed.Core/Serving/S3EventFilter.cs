using PeakS3Feed.Feeds;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Webhooks;

namespace PeakS3Feed.Serving;

/// <summary>Tells the events of S3 that announce something for a feed from the others.</summary>
public static class S3EventFilter
{
    /// <summary>Why an event announces nothing that a trigger's feed would load, as the end of a sentence; null when it may.</summary>
    public static string? WhyIgnored(StoreDefinitions definitions, S3FeedTrigger trigger, S3Event news)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(trigger);
        ArgumentNullException.ThrowIfNull(news);
        if (!news.IsObjectCreated)
            return $"the event is \"{news.Kind}\", and feeds load what was created";
        if (definitions.FindFeed(trigger.FeedName) is not { } feed || definitions.FindConnection(feed.ConnectionName) is not { } connection)
            return null;
        if (IsBucket(connection.BucketName) && connection.BucketName != news.Bucket)
            return $"the object is in the bucket {news.Bucket}, and the feed reads {connection.BucketName}";
        var prefix = FeedObjects.Prefix(feed, connection);
        if (!news.Key.StartsWith(prefix, StringComparison.Ordinal))
            return $"the object's key is not under {prefix}";
        // By its name alone: size and time are seen when the feed looks.
        var reason = FeedObjects.Matcher(feed, connection).WhySkipped(new SourceObject(news.Bucket, news.Key, "", Size: 1, DateTimeOffset.MaxValue));
        return reason is null ? null : $"the object is not one of the feed's ({reason})";
    }

    // An access point has a name of its own, which events do not go by.
    private static bool IsBucket(string name)
        => !name.StartsWith("arn:", StringComparison.Ordinal) && !name.EndsWith("-s3alias", StringComparison.Ordinal);
}
