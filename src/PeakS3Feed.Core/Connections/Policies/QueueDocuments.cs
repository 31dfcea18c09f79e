using System.Text.Json;

namespace PeakS3Feed.Connections.Policies;

/// <summary>A queue that gets the events of a bucket.</summary>
/// <param name="Url">Its URL.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Account">Its account.</param>
/// <param name="Prefix">What the keys of the wanted objects begin with; empty for the whole bucket.</param>
internal sealed record EventQueue(string Url, string Arn, string Account, string Prefix);

/// <summary>The documents of a queue that gets the events of a bucket.</summary>
internal static class QueueDocuments
{
    private const string CreatedObjects = "s3:ObjectCreated:*";

    /// <summary>
    /// Returns the statement that lets the reader of a queue receive and delete messages, and use the tag that detects a second store.
    /// </summary>
    public static PolicyStatement Read(EventQueue queue) => new(
        "ReadEvents", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ListQueueTags", "sqs:TagQueue"], [queue.Arn], Principal: null);

    /// <summary>Returns the statement of the queue's own policy that lets S3 send the events of one bucket, and of no bucket of another account.</summary>
    public static PolicyStatement Send(EventQueue queue, S3Connection connection) => new(
        "SendEvents", ["sqs:SendMessage"], [queue.Arn], PolicyPrincipal.Service("s3.amazonaws.com"),
        new("ArnLike", "aws:SourceArn", new BucketPrefix(connection, "").Bucket), new("StringEquals", "aws:SourceAccount", queue.Account));

    /// <summary>Writes the notification configuration of the bucket.</summary>
    public static void Notification(Utf8JsonWriter writer, EventQueue queue)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("QueueConfigurations");
        writer.WriteStartObject();
        writer.WriteString("Id", "peaks3feed-" + queue.Arn.Split(':')[^1]);
        writer.WriteString("QueueArn", queue.Arn);
        writer.WriteStartArray("Events");
        writer.WriteStringValue(CreatedObjects);
        writer.WriteEndArray();
        if (Plain(queue.Prefix) is { Length: > 0 } prefix)
            Filter(writer, prefix);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Filter(Utf8JsonWriter writer, string prefix)
    {
        writer.WriteStartObject("Filter");
        writer.WriteStartObject("Key");
        writer.WriteStartArray("FilterRules");
        writer.WriteStartObject();
        writer.WriteString("Name", "prefix");
        writer.WriteString("Value", prefix);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // A filter must have other characters encoded. A shorter prefix announces more objects, which the trigger then leaves out.
    private static string Plain(string prefix)
    {
        var end = 0;
        while (end < prefix.Length && (char.IsAsciiLetterOrDigit(prefix[end]) || prefix[end] is '/' or '-' or '_' or '.'))
            end++;
        return prefix[..end];
    }
}
