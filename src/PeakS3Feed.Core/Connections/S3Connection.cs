using PeakS3Feed.Definitions;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Connections;

/// <summary>A bucket, its region, a root path and how to access it. Immutable. Has no secret.</summary>
public sealed record S3Connection : WrittenRecord
{
    private static readonly string[] AmazonHosts = [".amazonaws.com", ".amazonaws.com.cn"];

    /// <summary>The name: letters, digits and underscores, unique regardless of case.</summary>
    public required string Name { get; init; }

    /// <summary>The region's system name, for example <c>eu-west-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>The bucket; where a folder is the endpoint, the name that stands for it.</summary>
    public required string BucketName { get; init; }

    /// <summary><c>/</c> for the whole bucket, or <c>folder/</c>, ending in a slash.</summary>
    public string RootPath { get; init; } = "/";

    /// <summary>The role to assume, or null to use the base credentials as they are.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The external id that the role's trust policy requires.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The principal that the trust policy names; null for the caller.</summary>
    public string? TrustedPrincipal { get; init; }

    /// <summary>
    /// Another S3 endpoint (<c>https://…</c>), or a folder that stands in for the bucket (<c>file:///…</c>, or its path from the root on).
    /// </summary>
    public string? EndpointUrl { get; init; }

    /// <summary>Another STS endpoint.</summary>
    public string? StsEndpointUrl { get; init; }

    /// <summary>Address the bucket in the path instead of the host name.</summary>
    public bool ForcePathStyle { get; init; }

    /// <summary>The AWS profile of the base credentials; null for the SDK's default chain.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Read a public bucket without signing.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Agree to pay for the requests.</summary>
    public bool RequesterPays { get; init; }

    /// <summary>The customer's KMS key, for the policy.</summary>
    public string? KmsKeyArn { get; init; }

    /// <summary>The duration of the assumed role's sessions: 15 minutes to 12 hours.</summary>
    public TimeSpan SessionDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The status of its access test.</summary>
    [Written(Always = true, StoreOnly = true)]
    public ConnectionStatus Status { get; init; }

    /// <summary>The prefix that all keys of this connection begin with: empty for the whole bucket.</summary>
    public string RootPrefix => RootPath is "/" ? "" : RootPath;

    /// <summary>Whether a folder stands in for the bucket.</summary>
    public bool IsFolder => EndpointUrl is { } address && RootedPath.IsFolderAddress(address, RootedPath.Here);

    /// <summary>The folder that stands in for the bucket, as a path from a root on, or null for a bucket on S3.</summary>
    public string? FolderPath => EndpointUrl is { } address ? RootedPath.FromAddress(address, RootedPath.Here) : null;

    /// <summary>Whether the bucket is on Amazon S3, directly or through an endpoint of Amazon's, and not on another server.</summary>
    public bool IsOnAmazon => EndpointUrl is null
        || (Uri.TryCreate(EndpointUrl, UriKind.Absolute, out var uri)
            && AmazonHosts.Any(h => uri.Host.EndsWith(h, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The same with a random external id, if it has none and may come to assume a role.</summary>
    public S3Connection WithExternalId()
        => ExternalId is not null || Anonymous || IsFolder ? this : this with { ExternalId = Guid.NewGuid().ToString("N") };

    /// <summary>What is wrong with this definition, by its text alone; empty when it is valid.</summary>
    public IReadOnlyList<DefinitionProblem> Validate() => [.. ConnectionRules.Check(this)];
}

/// <summary>The status of a connection's access test.</summary>
public enum ConnectionStatus
{
    /// <summary>Not tested yet.</summary>
    Draft,

    /// <summary>All checks of the last test passed, and nothing that matters for access was changed since.</summary>
    Verified,

    /// <summary>Something that matters for access was changed since the last test.</summary>
    Untested,
}
