namespace PeakS3Feed.Aws;

/// <summary>An access key for one call. It is never stored, and its text form does not show the secret.</summary>
public sealed class AccessKey
{
    /// <summary>Creates a key. A temporary key has a session token.</summary>
    public AccessKey(string id, string secret, string? sessionToken = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(secret);
        Id = id;
        Secret = secret;
        SessionToken = sessionToken;
    }

    /// <summary>The access key id; not a secret.</summary>
    public string Id { get; }

    internal string Secret { get; }

    internal string? SessionToken { get; }

    /// <inheritdoc/>
    public override string ToString() => $"access key {Id}";
}
