using Amazon.Runtime;
using Amazon.S3;

namespace PeakS3Feed.Connections;

/// <summary>An S3 client and the one set of credentials that it signs with.</summary>
internal sealed record S3Session(IAmazonS3 Client, ImmutableCredentials? Credentials)
{
    /// <summary>Whether the credentials end by themselves.</summary>
    public bool IsTemporary => Credentials is { UseToken: true };

    /// <summary>Shows no credentials.</summary>
    public override string ToString() => IsTemporary ? "a temporary session" : "a session";
}
