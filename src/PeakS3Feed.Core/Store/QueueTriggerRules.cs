using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store;

/// <summary>The rules for triggers with a queue that need other definitions: the connection of the feed signs the requests to the queue.</summary>
internal static class QueueTriggerRules
{
    /// <summary>Returns why the queue of a trigger cannot be read, or null.</summary>
    public static DefinitionProblem? Check(StoreDefinitions definitions, S3FeedTrigger trigger)
    {
        if (trigger.Kind != TriggerKind.Queue || definitions.FindFeed(trigger.FeedName) is not { } feed)
            return null;
        return definitions.FindConnection(feed.ConnectionName) switch
        {
            { IsFolder: true } folder => new(
                nameof(trigger.Queue), $"The connection {folder.Name} reads a folder, which announces no objects.",
                "A queue is for a bucket on S3. For a folder, use an interval (every)."),
            { Anonymous: true } open => new(
                nameof(trigger.Queue), $"The connection {open.Name} is anonymous, but requests to a queue must be signed.",
                "Give the connection a role, a profile or other credentials."),
            _ => null,
        };
    }
}
