using PeakS3Feed.Feeds;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Serving;

/// <summary>The news that an object was written.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Key">Its key, as it is.</param>
/// <param name="Size">Its bytes; null when not said.</param>
public sealed record ObjectNotice(string Bucket, string Key, long? Size)
{
    /// <summary>Why the object is none that a trigger's feed would load, as the end of a sentence; null when it may be one.</summary>
    public string? WhyIgnored(StoreDefinitions definitions, S3FeedTrigger trigger)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(trigger);
        if (definitions.FindFeed(trigger.FeedName) is not { } feed || definitions.FindConnection(feed.ConnectionName) is not { } connection)
            return null;
        if (IsBucket(connection.BucketName) && connection.BucketName != Bucket)
            return $"the object is in the bucket {Bucket}, and the feed reads {connection.BucketName}";
        var prefix = FeedObjects.Prefix(feed, connection);
        if (!Key.StartsWith(prefix, StringComparison.Ordinal))
            return $"the object's key is not under {prefix}";
        // Size and time decide nothing here: what they are is seen when the feed looks.
        var reason = FeedObjects.Matcher(feed, connection).WhySkipped(new SourceObject(Bucket, Key, "", Size ?? 1, DateTimeOffset.MaxValue));
        return reason is null ? null : $"the object is not one of the feed's ({reason})";
    }

    // An access point has a name of its own, which events do not go by.
    private static bool IsBucket(string name) => !name.StartsWith("arn:", StringComparison.Ordinal) && !name.EndsWith("-s3alias", StringComparison.Ordinal);
}
