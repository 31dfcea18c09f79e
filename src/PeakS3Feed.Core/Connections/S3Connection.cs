using PeakS3Feed.Definitions;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Connections;

/// <summary>A bucket, its region, a root path and how to access it. Immutable. Contains no secret.</summary>
public sealed record S3Connection : DefinitionRecord
{
    /// <summary>The limit of connections unless a connection has its own: 128.</summary>
    public const int DefaultMaxConnections = 128;

    /// <summary>The largest limit of connections: 512.</summary>
    public const int LargestMaxConnections = 512;

    private static readonly string[] AmazonHosts = [".amazonaws.com", ".amazonaws.com.cn"];

    /// <summary>The name: letters, digits and underscores, unique regardless of case.</summary>
    public required string Name { get; init; }

    /// <summary>The region's system name, for example <c>eu-west-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>The bucket. If the endpoint is a folder, the name that stands for the bucket.</summary>
    public required string BucketName { get; init; }

    /// <summary>The root path: <c>/</c> for the whole bucket, or <c>folder/</c>, ending in a slash.</summary>
    public string RootPath { get; init; } = "/";

    /// <summary>The ARN of the role to assume; null to use the base credentials directly.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The external id that the role's trust policy requires.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The principal in the trust policy; null for the caller.</summary>
    public string? TrustedPrincipal { get; init; }

    /// <summary>
    /// Another S3 endpoint (<c>https://…</c>), or a folder that stands in for the bucket (<c>file:///…</c> or an absolute path). Null for Amazon
    /// S3.
    /// </summary>
    public string? EndpointUrl { get; init; }

    /// <summary>Another STS endpoint, or null.</summary>
    public string? StsEndpointUrl { get; init; }

    /// <summary>Whether the bucket's name is in the path of requests instead of the host name.</summary>
    public bool ForcePathStyle { get; init; }

    /// <summary>The AWS profile of the base credentials; null for the SDK's default chain.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Whether requests are unsigned, for a public bucket.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Whether this account agrees to pay for the requests.</summary>
    public bool RequesterPays { get; init; }

    /// <summary>The ARN of the customer's KMS key, for the policy.</summary>
    public string? KmsKeyArn { get; init; }

    /// <summary>The duration of the assumed role's sessions: 15 minutes to 12 hours.</summary>
    public TimeSpan SessionDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The limit of connections at a time that read objects, 1 to 512; null for 128.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>The status of the connection's access test.</summary>
    [DefinitionMember(Always = true, StoreOnly = true)]
    public ConnectionStatus Status { get; init; }

    /// <summary>The prefix of all keys of this connection: empty for the whole bucket.</summary>
    internal string RootPrefix => RootPath is "/" ? "" : RootPath;

    /// <summary>The limit of connections that read objects.</summary>
    internal int Connections => MaxConnections ?? DefaultMaxConnections;

    /// <summary>Whether a folder stands in for the bucket.</summary>
    public bool IsFolder => EndpointUrl is { } address && RootedPath.IsFolderAddress(address, RootedPath.Here);

    /// <summary>The absolute path of the folder that stands in for the bucket, or null for a bucket on S3.</summary>
    public string? Folder => EndpointUrl is { } address ? RootedPath.FromAddress(address, RootedPath.Here) : null;

    /// <summary>Whether the bucket is on Amazon S3, directly or through an endpoint of Amazon's.</summary>
    internal bool IsOnAmazon => EndpointUrl is null
        || (Uri.TryCreate(EndpointUrl, UriKind.Absolute, out var uri)
            && AmazonHosts.Any(h => uri.Host.EndsWith(h, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Returns the connection with a random external id, if it has none and may assume a role.</summary>
    public S3Connection WithExternalId()
        => ExternalId is not null || Anonymous || IsFolder ? this : this with { ExternalId = Guid.NewGuid().ToString("N") };

    /// <summary>Returns all problems of this definition; empty if it is valid. Makes no request.</summary>
    public IReadOnlyList<DefinitionProblem> Validate() => [.. ConnectionRules.Check(this)];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>The status of a connection's access test.</summary>
public enum ConnectionStatus
{
    /// <summary>Not tested yet.</summary>
    Draft,

    /// <summary>All checks of the last test passed, and no setting that affects access has changed since.</summary>
    Verified,

    /// <summary>A setting that affects access has changed since the last test.</summary>
    Untested,
}
