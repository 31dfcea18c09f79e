using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Engine;

/// <summary>Creates the policies of a trigger with a queue. Sends no request.</summary>
internal static class QueuePolicies
{
    /// <summary>Creates the policies.</summary>
    /// <exception cref="FeedException">
    /// <c>PolicyNotNeeded</c>: the trigger has no queue; <c>PolicyBucketUnknown</c>, <c>ConnectionInvalid</c>, <c>TriggerInvalid</c>.
    /// </exception>
    public static S3FeedPolicy Create(StoreDefinitions definitions, S3FeedTrigger trigger)
    {
        if (trigger.Queue is not { } url)
            throw PolicyErrors.NoQueue(trigger.Name);
        TriggerRules.ThrowIfInvalid(trigger);
        var connection = definitions.GetConnection(definitions.GetFeed(trigger.FeedName).ConnectionName);
        ConnectionRules.ThrowIfInvalid(connection);
        if (QueueTriggerRules.Check(definitions, trigger) is { } problem)
            throw DefinitionErrors.Invalid("Trigger", trigger.Name, [problem]);
        PolicyErrors.ThrowIfAlias(connection);
        var (account, name) = QueueAddress.GetName(url);
        var region = QueueAddress.FindRegion(url) ?? connection.Region ?? ClientFactory.AnyRegion;
        var queue = new EventQueue(
            url, $"arn:{AwsPartition.From(region).Name}:sqs:{region}:{account}:{name}", account, FindPrefix(definitions, url, connection));
        return new([new PolicyGrant($"peaks3feed-queue-{trigger.Name}", [QueueDocuments.Read(queue)])])
        {
            For = PolicyPurpose.Queue, Connection = connection, TriggerName = trigger.Name, Queue = queue, Notes = PolicyNotes.ForQueue,
        };
    }

    // All feeds of the bucket that have the queue must get their objects.
    private static string FindPrefix(StoreDefinitions definitions, string url, S3Connection connection)
    {
        var prefixes = definitions.Triggers.Where(t => QueueAddress.AreSame(t.Queue, url))
            .Select(t => definitions.FindFeed(t.FeedName)).OfType<S3Feed>()
            .Select(f => (Feed: f, Connection: definitions.FindConnection(f.ConnectionName)))
            .Where(f => f.Connection?.BucketName == connection.BucketName)
            .Select(f => FeedObjects.Prefix(f.Feed, f.Connection!)).ToList();
        return prefixes.Aggregate((a, b) => a[..a.AsSpan().CommonPrefixLength(b)]);
    }
}
