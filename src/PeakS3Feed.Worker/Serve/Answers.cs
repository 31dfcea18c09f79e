using System.Text.Json.Serialization;

namespace PeakS3Feed.Worker.Serve;

/// <summary>The answer to <c>GET /health</c>.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Error">The error's id, or null.</param>
/// <param name="Warning">The id of a problem of a queue, or null. The status stays <c>healthy</c>.</param>
/// <param name="Version">The program's version.</param>
/// <param name="UptimeSeconds">The age of its process.</param>
internal sealed record HealthAnswer(string Status, string? Error, string? Warning, string Version, long UptimeSeconds);

/// <summary>The answer to <c>POST /hooks/ID</c>.</summary>
internal sealed record HookAnswer
{
    /// <summary>The feed.</summary>
    public string? Feed { get; init; }

    /// <summary>The run that sees everything that has arrived by now.</summary>
    public Guid? RunId { get; init; }

    /// <summary>The reason why the request starts no run.</summary>
    public string? Ignored { get; init; }

    /// <summary>The reason why the request was refused.</summary>
    public string? Error { get; init; }
}

/// <summary>The answers as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(HookAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
