using System.Text.Json;
using PeakS3Feed.Triggers.Webhooks;

namespace PeakS3Feed.Triggers.Queues;

/// <summary>
/// The body of a message about objects: an event notification of S3, directly or through SNS (in an envelope or raw), or an event of EventBridge.
/// </summary>
/// <remarks>
/// Formats: "Event message structure" of the Amazon S3 user guide, "HTTP/HTTPS notification JSON format" of the Amazon SNS developer guide, and "Amazon
/// S3 events" of the Amazon EventBridge reference.
/// </remarks>
public static class QueueMessage
{
    // An envelope of SNS holds an event, not another envelope.
    private const int MaxEnvelopes = 1;

    /// <summary>Reads the events of a message.</summary>
    /// <param name="body">The body.</param>
    /// <returns>The events, none for a test event of S3; null if the message is not one of the known kinds.</returns>
    public static IReadOnlyList<ObjectEvent>? TryRead(string body) => TryRead(body, MaxEnvelopes);

    private static IReadOnlyList<ObjectEvent>? TryRead(string body, int envelopes)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (Text(root, "Type") == "Notification" && Text(root, "Message") is { } inner)
                return envelopes > 0 ? TryRead(inner, envelopes - 1) : null;
            if (Text(root, "Event") == "s3:TestEvent")
                return [];
            if (Member(root, "Records") is { ValueKind: JsonValueKind.Array } records)
                return ReadAll([.. records.EnumerateArray().Select(ReadRecord)]);
            return S3Event.Read(root) is { } bridged ? [ToObjectEvent(bridged)] : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or an invalid string.
            return null;
        }
    }

    // One record that cannot be read makes the message unreadable: if it were deleted, that record would be lost.
    private static IReadOnlyList<ObjectEvent>? ReadAll(List<IReadOnlyList<ObjectEvent>?> records)
        => records.Contains(null) ? null : [.. records.SelectMany(r => r!)];

    private static IReadOnlyList<ObjectEvent>? ReadRecord(JsonElement record)
    {
        if (Text(record, "eventName") is not { } kind || Member(record, "s3") is not { } s3
            || Member(s3, "bucket") is not { } bucket || Text(bucket, "name") is not { Length: > 0 } name
            || Member(s3, "object") is not { } item || Text(item, "key") is not { Length: > 0 } key)
            return null;
        // Some servers write the prefix that the notification's configuration has.
        var plain = kind.StartsWith("s3:", StringComparison.Ordinal) ? kind[3..] : kind;
        var isAmazon = Text(record, "eventSource") is "aws:s3";
        var read = new ObjectEvent(kind, name, Decode(key))
        {
            // Ceph writes the bytes of a time in the reverse order, so its sequencers say nothing about the order of events.
            Sequencer = isAmazon ? Text(item, "sequencer") : null,
            VersionId = Text(item, "versionId"),
            IsObjectCreated = plain.StartsWith("ObjectCreated:", StringComparison.Ordinal),
        };
        // Ceph 16 does not encode keys, and other servers do. A key that does not exist is left out once it is looked up.
        return isAmazon || read.Key == key ? [read] : [read, read with { Key = key }];
    }

    // S3 encodes keys like the fields of a form. EventBridge does not encode them.
    private static string Decode(string key) => Uri.UnescapeDataString(key.Replace('+', ' '));

    private static ObjectEvent ToObjectEvent(S3Event bridged) => new(bridged.Kind, bridged.Bucket, bridged.Key)
    {
        Sequencer = bridged.Sequencer, VersionId = bridged.VersionId, IsObjectCreated = bridged.IsObjectCreated,
    };

    private static JsonElement? Member(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element, string name)
        => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
