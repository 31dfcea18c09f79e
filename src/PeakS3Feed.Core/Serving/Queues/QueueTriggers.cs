using PeakS3Feed.Connections;
using PeakS3Feed.Remedies;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Serving.Queues;

/// <summary>The triggers that a store has for queues.</summary>
internal static class QueueTriggers
{
    /// <summary>Returns the URLs of the queues to read: those of enabled triggers of enabled feeds.</summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="filter">The triggers; null for all.</param>
    public static IReadOnlySet<string> FindQueues(StoreDefinitions definitions, Predicate<S3FeedTrigger>? filter)
        => definitions.Triggers.Where(t => IsActive(definitions, t) && filter?.Invoke(t) != false).Select(t => t.Queue!.TrimEnd('/'))
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Returns all triggers of a queue. A disabled one also gets rows, so that it has them once it is enabled.</summary>
    public static IEnumerable<S3FeedTrigger> Find(StoreDefinitions definitions, string queue)
        => definitions.Triggers.Where(t => t.Kind == TriggerKind.Queue && QueueAddress.AreSame(t.Queue, queue));

    /// <summary>Returns the connections whose credentials may read a queue, by name, each with one of the triggers that need it.</summary>
    public static IReadOnlyList<(S3Connection Connection, S3FeedTrigger Trigger)> FindConnections(StoreDefinitions definitions, string queue)
        => [.. Find(definitions, queue).Where(t => IsActive(definitions, t)).OrderBy(t => t.Name, StringComparer.Ordinal)
            .Select(t => (Connection: definitions.FindConnection(definitions.FindFeed(t.FeedName)!.ConnectionName)!, Trigger: t))
            .Where(r => r.Connection is not null).DistinctBy(r => r.Connection.Name, StringComparer.Ordinal)
            .OrderBy(r => r.Connection.Name, StringComparer.Ordinal)];

    /// <summary>Returns a command for each trigger of a queue that gives it another one.</summary>
    public static IReadOnlyList<Remedy> Replace(StoreDefinitions definitions, string queue)
        => [.. Find(definitions, queue).Select(t => t.Name).Order(StringComparer.Ordinal).Select(Remedy.SetQueue)];

    // The definitions may have been edited by hand.
    private static bool IsActive(StoreDefinitions definitions, S3FeedTrigger trigger)
        => trigger is { Kind: TriggerKind.Queue, Enabled: true } && definitions.FindFeed(trigger.FeedName) is { Enabled: true }
            && TriggerRules.Check(trigger).Count == 0 && QueueTriggerRules.Check(definitions, trigger) is null;
}
