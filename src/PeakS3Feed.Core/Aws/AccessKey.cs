namespace PeakS3Feed.Aws;

/// <summary>An access key handed over for one call. It is never stored, and its text form does not show the secret.</summary>
public sealed class AccessKey
{
    /// <summary>Takes the key pair, and the session token where the key is a temporary one.</summary>
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
