using System.Text.Json.Serialization;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Watchers;

/// <summary>Serialises messages as JSON, for the state database and for the bodies of requests.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatcherMessage))]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WatcherJson : JsonSerializerContext;
