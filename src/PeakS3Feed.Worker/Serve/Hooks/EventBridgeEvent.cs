using System.Text.Json;
using PeakS3Feed.Serving;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>What an event of EventBridge says: its id, and the object that was written, where it is about S3.</summary>
/// <param name="Id">The event's id; it stays when the event is delivered again.</param>
/// <param name="Kind">What happened, for an event of S3: <c>Object Created</c>, <c>Object Deleted</c> and others; else null.</param>
/// <param name="Object">The object, for an event of S3 that names one; else null.</param>
internal sealed record EventBridgeEvent(string? Id, string? Kind, ObjectNotice? Object)
{
    /// <summary>The kind of the events that feeds wait for.</summary>
    public const string ObjectCreated = "Object Created";

    /// <summary>Reads a body; null where it is something else.</summary>
    public static EventBridgeEvent? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "detail-type") is not { } kind || Text(root, "source") is not { } source)
                return null;
            return source == "aws.s3" ? new(Text(root, "id"), kind, Notice(root)) : new(Text(root, "id"), null, null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ObjectNotice? Notice(JsonElement root)
    {
        if (!TryObject(root, "detail", out var detail) || !TryObject(detail, "bucket", out var bucket) || !TryObject(detail, "object", out var found))
            return null;
        return Text(bucket, "name") is { } name && Text(found, "key") is { } key
            ? new(name, key, found.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) ? bytes : null)
            : null;
    }

    private static bool TryObject(JsonElement element, string name, out JsonElement value) => element.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Object;

    private static string? Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
