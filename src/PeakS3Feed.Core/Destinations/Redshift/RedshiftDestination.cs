using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// A database of an Amazon Redshift cluster or a serverless workgroup. With <see cref="Host"/>, statements go over PostgreSQL's wire protocol;
/// without it, through the Redshift Data API over HTTPS. Rows are staged as files in a bucket, and the warehouse loads them with COPY.
/// </summary>
public sealed record RedshiftDestination : S3FeedDestination
{
    /// <summary>The maximum of <see cref="SliceCount"/>; more than the largest cluster has.</summary>
    public const int MaxSliceCount = 8192;

    /// <summary>The maximum of <see cref="PartSizeMiB"/>: Redshift recommends files of at most 1 GiB.</summary>
    public const int MaxPartSizeMiB = 1024;

    /// <summary>The values of <see cref="SslMode"/>, in any case.</summary>
    public static IReadOnlyList<string> SslModes => ServerRules.SslModes;

    /// <summary>The host name of the cluster or workgroup; null for the Data API.</summary>
    public string? Host { get; init; }

    /// <summary>TCP port; for <see cref="Host"/> only.</summary>
    public int Port { get; init; } = 5439;

    /// <summary>The serverless workgroup: for the Data API, or for a temporary password over the wire.</summary>
    public string? WorkgroupName { get; init; }

    /// <summary>The provisioned cluster: for the Data API, or for a temporary password over the wire.</summary>
    public string? ClusterIdentifier { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The schema that tables are created in.</summary>
    public string Schema { get; init; } = "public";

    /// <summary>The database user of a fixed login; for <see cref="Host"/> only.</summary>
    public string? Username { get; init; }

    /// <summary>A reference to the password of <see cref="Username"/> (<c>env:NAME</c>, <c>file:PATH</c>, <c>vault:VAULT/NAME</c>).</summary>
    public string? Password { get; init; }

    /// <summary>The ARN of the Secrets Manager secret with user and password; for the Data API only.</summary>
    public string? SecretArn { get; init; }

    /// <summary>The database user that AWS credentials log in as (a cluster only); null for the IAM identity's own user.</summary>
    public string? DbUser { get; init; }

    /// <summary>The AWS profile that signs calls to Redshift's services; null for the SDK's default chain.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The region of the warehouse, for example <c>eu-west-1</c>; needed where AWS services are called.</summary>
    public string? Region { get; init; }

    /// <summary>Another address of Redshift's services (a VPC endpoint), or null.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>Disable, Prefer, Require, VerifyCA or VerifyFull (default); for <see cref="Host"/> only.</summary>
    public string SslMode { get; init; } = "VerifyFull";

    /// <summary>PEM file of the authorities to trust; null for the system's.</summary>
    public string? RootCertificate { get; init; }

    /// <summary>The name of the connection whose bucket takes the staged files. It must be allowed to write and delete.</summary>
    public required string StagingConnection { get; init; }

    /// <summary>The folder for staged files below the connection's root path; ends in a slash, or is empty.</summary>
    public string StagingPrefix { get; init; } = "peaks3feed-staging/";

    /// <summary>
    /// The ARN of the role with which COPY reads the staged files, or several with commas between them (a chain); null for the warehouse's default
    /// role.
    /// </summary>
    public string? IamRole { get; init; }

    /// <summary>
    /// The number of slices of the cluster, 1 to <see cref="MaxSliceCount"/>: the number of files of a load is a multiple of it. 1 where it does not
    /// matter.
    /// </summary>
    public int SliceCount { get; init; } = 1;

    /// <summary>The size at which a staged file ends, compressed: 1 to <see cref="MaxPartSizeMiB"/> MiB.</summary>
    public int PartSizeMiB { get; init; } = 64;

    /// <summary>How the rows of objects reach the warehouse.</summary>
    public LoadPath LoadPath { get; init; }

    /// <summary>The column that distributes the rows of tables that are created and have it; null for <c>DISTSTYLE AUTO</c>.</summary>
    public string? DistKey { get; init; }

    /// <summary>The columns that order the rows of tables that are created and have all of them; empty for <c>SORTKEY AUTO</c>.</summary>
    public IReadOnlyList<string> SortKey { get; init => field = value.ToArray(); } = [];

    /// <inheritdoc/>
    public override string Kind => "Redshift";

    /// <inheritdoc/>
    public override string Place => Host is null
        ? $"{WorkgroupName ?? ClusterIdentifier}/{Database}, schema {Schema}"
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}/{Database}, schema {Schema}");
}
