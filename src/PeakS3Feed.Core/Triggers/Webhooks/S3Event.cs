using System.Text.Json;

namespace PeakS3Feed.Triggers.Webhooks;

/// <summary>An event of S3 as EventBridge delivers it.</summary>
/// <param name="Id">The event's id, the same for every delivery.</param>
/// <param name="Kind">Its <c>detail-type</c>, such as <c>Object Created</c>.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object's key.</param>
public sealed record S3Event(string? Id, string Kind, string Bucket, string Key)
{
    /// <summary>The kind that announces an object.</summary>
    public const string ObjectCreated = "Object Created";

    /// <summary>A hexadecimal number that is greater for a later event of the same key, or null.</summary>
    public string? Sequencer { get; init; }

    /// <summary>The version of the object in a bucket with versions, or null.</summary>
    public string? VersionId { get; init; }

    /// <summary>Whether it announces an object.</summary>
    public bool IsObjectCreated => string.Equals(Kind, ObjectCreated, StringComparison.Ordinal);

    /// <summary>Parses the body of a request.</summary>
    /// <returns>The event; null for any other body.</returns>
    public static S3Event? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or an invalid string.
            return null;
        }
    }

    /// <summary>Reads an event; null for any other JSON.</summary>
    internal static S3Event? Read(JsonElement root)
        => Text(root, "source") == "aws.s3" && Text(root, "detail-type") is { } kind && Member(root, "detail") is { } detail
            && Member(detail, "bucket") is { } bucket && Text(bucket, "name") is { } name
            && Member(detail, "object") is { } item && Text(item, "key") is { } key
            ? new S3Event(Text(root, "id"), kind, name, key) { Sequencer = Text(item, "sequencer"), VersionId = Text(item, "version-id") }
            : null;

    private static JsonElement? Member(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element, string name)
        => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
