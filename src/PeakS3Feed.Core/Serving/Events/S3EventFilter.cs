using PeakS3Feed.Feeds;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;
using PeakS3Feed.Triggers.Webhooks;

namespace PeakS3Feed.Serving.Events;

/// <summary>Decides which S3 events announce an object that a feed would load.</summary>
public static class S3EventFilter
{
    /// <summary>Returns why a trigger ignores an event, as the end of a sentence; null if the trigger fires.</summary>
    public static string? GetIgnoreReason(StoreDefinitions definitions, S3FeedTrigger trigger, S3Event received)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(trigger);
        ArgumentNullException.ThrowIfNull(received);
        return GetIgnoreReason(
            definitions, trigger, new ObjectEvent(received.Kind, received.Bucket, received.Key) { IsObjectCreated = received.IsObjectCreated });
    }

    /// <inheritdoc cref="GetIgnoreReason(StoreDefinitions, S3FeedTrigger, S3Event)"/>
    internal static string? GetIgnoreReason(StoreDefinitions definitions, S3FeedTrigger trigger, ObjectEvent received)
    {
        if (!received.IsObjectCreated)
            return $"the event is \"{received.Kind}\", and feeds load created objects";
        if (definitions.FindFeed(trigger.FeedName) is not { } feed || definitions.FindConnection(feed.ConnectionName) is not { } connection)
            return null;
        if (IsBucket(connection.BucketName) && connection.BucketName != received.Bucket)
            return $"the object is in the bucket {received.Bucket}, and the feed reads {connection.BucketName}";
        var prefix = FeedObjects.Prefix(feed, connection);
        if (!received.Key.StartsWith(prefix, StringComparison.Ordinal))
            return $"the object's key is not under {prefix}";
        // Only the name is checked. The run checks size and time.
        var announced = new SourceObject(received.Bucket, received.Key, "", Size: 1, DateTimeOffset.MaxValue);
        var reason = FeedObjects.Matcher(feed, connection).GetSkipReason(announced);
        return reason is null ? null : $"the object is not one of the feed's ({reason})";
    }

    // Events name the bucket, never the access point.
    private static bool IsBucket(string name)
        => !name.StartsWith("arn:", StringComparison.Ordinal) && !name.EndsWith("-s3alias", StringComparison.Ordinal);
}
