using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace PeakS3Feed.TestServers.RedshiftApi;

/// <summary>A request as it arrived.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, not decoded.</param>
/// <param name="Headers">The headers, by name regardless of case.</param>
/// <param name="Body">The body.</param>
public sealed record ApiRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The operation: from X-Amz-Target without its prefix, or from the form's Action.</summary>
    public string Operation => Header("X-Amz-Target") is { } target ? target.Split('.')[^1] : Form.GetValueOrDefault("Action", "");

    /// <summary>The access key id that signed, or null.</summary>
    public string? AccessKeyId => Authorization.Parse(Header("Authorization"))?.AccessKeyId;

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The fields of a form.</summary>
    public IReadOnlyDictionary<string, string> Form => QueryHelpers.ParseQuery(Text).ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>A member of a JSON body as its JSON text without quotes, or null if it is missing.</summary>
    public string? Member(string name)
    {
        using var json = JsonDocument.Parse(Body);
        return json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
    }
}
