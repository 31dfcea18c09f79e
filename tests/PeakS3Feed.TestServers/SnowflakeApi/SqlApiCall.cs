using System.Text;
using System.Text.Json;

namespace PeakS3Feed.TestServers.SnowflakeApi;

/// <summary>A request of the SQL API as it arrived.</summary>
/// <param name="Operation"><c>submit</c>, <c>poll</c>, <c>partition</c> or <c>cancel</c>.</param>
/// <param name="Handle">The statement that the path names; null for a submission.</param>
/// <param name="Query">The parameters of the address.</param>
/// <param name="Headers">The headers, by name regardless of case.</param>
/// <param name="Body">The body.</param>
public sealed record SqlApiCall(
    string Operation, string? Handle, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The token.</summary>
    public string Token => Headers.GetValueOrDefault("Authorization", "").Replace("Bearer ", "", StringComparison.Ordinal);

    /// <summary>The id of a submission, or null.</summary>
    public string? RequestId => Query.GetValueOrDefault("requestId");

    /// <summary>Whether a submission says that it may have been received before.</summary>
    public bool IsRetry => Query.GetValueOrDefault("retry") == "true";

    /// <summary>The text of a submission.</summary>
    public string Statement => Member("statement") ?? "";

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>A member of the body as its JSON text without quotes, or null if it is missing.</summary>
    public string? Member(string name)
    {
        using var json = JsonDocument.Parse(Body);
        return json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Operation} {Handle} {Encoding.UTF8.GetString(Body)}";
}
