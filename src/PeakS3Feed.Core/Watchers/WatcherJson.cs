using System.Text.Json.Serialization;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Watchers;

/// <summary>Messages as JSON: in the state database, and as the bodies of requests.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatcherMessage))]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WatcherJson : JsonSerializerContext;
