using Amazon.Runtime;

namespace PeakS3Feed.Aws;

/// <summary>An S3 client and the one set of credentials that it signs with.</summary>
internal sealed record S3Session(S3Client Client, ImmutableCredentials? Credentials)
{
    /// <summary>Whether the credentials end by themselves.</summary>
    public bool IsTemporary => Credentials is { UseToken: true };

    /// <summary>Shows no credentials.</summary>
    public override string ToString() => IsTemporary ? "a temporary session" : "a session";
}
