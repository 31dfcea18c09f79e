using System.Text.Json.Serialization;

namespace PeakS3Feed.Worker.Serve;

/// <summary>The answers as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class ServeJson : JsonSerializerContext;
