namespace PeakS3Feed.TestServers.S3;

/// <summary>One request as it came in.</summary>
/// <param name="Operation">What it asks for.</param>
/// <param name="Bucket">The bucket, or empty.</param>
/// <param name="Key">The key, decoded, or empty; of a listing, its prefix.</param>
/// <param name="Query">The parameters: of the query, or of the form for STS.</param>
/// <param name="Headers">The headers, by name regardless of case.</param>
public sealed record FakeRequest(
    FakeOperation Operation, string Bucket, string Key, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body of a PUT of an object, or of a request that deletes objects; null for other requests.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The access key id that signed it, or null for an anonymous one.</summary>
    public string? AccessKeyId
    {
        get
        {
            const string Start = "Credential=";
            var at = Header("Authorization")?.IndexOf(Start, StringComparison.Ordinal) ?? -1;
            return at < 0 ? null : Header("Authorization")![(at + Start.Length)..].Split('/')[0];
        }
    }
}
