using System.Globalization;

namespace PeakS3Feed.Connections.Policies;

/// <summary>The minimal statements for a connection: they allow the requests of the program and nothing else.</summary>
internal static class AccessStatements
{
    private const string Like = "StringLike";
    private const string Equal = "StringEquals";

    /// <summary>Returns the statements that let a connection list and read its root path.</summary>
    public static IReadOnlyList<PolicyStatement> Permission(S3Connection connection) => Read(new(connection, connection.RootPrefix));

    /// <summary>Returns the statements that let a role list and read what is below a prefix. The COPY of a warehouse needs the same.</summary>
    public static IReadOnlyList<PolicyStatement> Read(BucketPrefix place) => Read(place, "s3:GetObject");

    /// <summary>
    /// Returns the statements that let a storage integration of Snowflake list and read what is below a prefix. Snowflake requires two more actions
    /// than other readers: to read versions of objects, and to find the bucket's region.
    /// </summary>
    public static IReadOnlyList<PolicyStatement> ReadVersions(BucketPrefix place)
        // A statement of its own: a request for the region has no prefix, so the condition of the statement that lists would refuse it.
        => [.. Read(place, "s3:GetObject", "s3:GetObjectVersion"), new("Locate", ["s3:GetBucketLocation"], [place.Bucket], Principal: null)];

    /// <summary>Returns the statements that let the role of a warehouse list and read the objects of connections.</summary>
    /// <param name="sources">The connections.</param>
    /// <param name="versions">Whether it also needs what <see cref="ReadVersions"/> adds.</param>
    public static IEnumerable<PolicyStatement> ReadSources(IReadOnlyList<S3Connection> sources, bool versions = false)
        // Each statement of a policy has a name of its own.
        => sources.SelectMany((c, i) => (versions ? ReadVersions(new(c, c.RootPrefix)) : Permission(c)).Select(
            s => s with { Sid = s.Sid + "Source" + (i == 0 ? "" : (i + 1).ToString(CultureInfo.InvariantCulture)) }));

    private static IReadOnlyList<PolicyStatement> Read(BucketPrefix place, params IReadOnlyList<string> actions)
    {
        var read = new PolicyStatement("Read", actions, [place.Objects], Principal: null);
        return place.Connection.KmsKeyArn is { } key
            ? [List(place), read, Key(place, "Decrypt", ["kms:Decrypt"], key)]
            : [List(place), read];
    }

    /// <summary>
    /// Returns the statements that let a connection keep staged files below a prefix. S3 needs no other actions for multipart uploads; KMS must also
    /// decrypt, because S3 reads the pieces of an upload to put them together.
    /// </summary>
    public static IReadOnlyList<PolicyStatement> Stage(BucketPrefix place)
    {
        var files = new PolicyStatement(
            "Stage", ["s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject", "s3:DeleteObject"], [place.Objects], Principal: null);
        return place.Connection.KmsKeyArn is { } key
            ? [List(place), files, Key(place, "Encrypt", ["kms:GenerateDataKey", "kms:Decrypt"], key)]
            : [List(place), files];
    }

    /// <summary>
    /// Returns the statement for the policy of a bucket that keeps every writer from overwriting an entry of a table's log: it denies to create one
    /// without If-None-Match. Checkpoints and <c>_last_checkpoint</c> have other names, and may be replaced. The parts of a multipart upload have no
    /// such header; only the request that completes it creates the object.
    /// </summary>
    public static PolicyStatement ProtectLogs(BucketPrefix place) => new(
        "ProtectTableLogs", ["s3:PutObject"], [$"{place.Objects}/_delta_log/*.json"], PolicyPrincipal.Aws("*"),
        new("Null", "s3:if-none-match", "true"), new("Bool", "s3:ObjectCreationOperation", "true"))
    {
        Denies = true,
    };

    /// <summary>Returns the statement of the trust policy.</summary>
    public static PolicyStatement Trust(S3Connection connection, string principal)
    {
        var assume = new PolicyStatement("Assume", ["sts:AssumeRole"], [], PolicyPrincipal.Aws(principal));
        return connection.ExternalId is { } externalId ? assume with { Conditions = [new(Equal, "sts:ExternalId", externalId)] } : assume;
    }

    /// <summary>
    /// Returns the statement of the trust policy of a role whose principal is not known yet: nobody may assume the role. IAM accepts no placeholder.
    /// </summary>
    public static PolicyStatement TrustNobody() => new("Nobody", ["sts:AssumeRole"], [], PolicyPrincipal.Aws("*")) { Denies = true };

    /// <summary>
    /// Returns the statement for the KMS key's own policy that lets a role do what its permission policy allows with the key; null without a key, or
    /// while the role is unknown. In a key's policy, <c>*</c> means the key.
    /// </summary>
    /// <param name="permission">The statements of the role's permission policy.</param>
    /// <param name="roleArn">The role, or null.</param>
    public static PolicyStatement? ForKeyPolicy(IReadOnlyList<PolicyStatement> permission, string? roleArn)
        => roleArn is not null && permission.FirstOrDefault(s => s.Actions[0].StartsWith("kms:", StringComparison.Ordinal)) is { } statement
            ? statement with { Resources = ["*"], Principal = PolicyPrincipal.Aws(roleArn) }
            : null;

    private static PolicyStatement List(BucketPrefix place)
    {
        var list = new PolicyStatement("List", ["s3:ListBucket"], [place.Bucket], Principal: null);
        return place.Prefix.Length > 0 ? list with { Conditions = [new(Like, "s3:prefix", PolicyLiteral.Escape(place.Prefix) + "*")] } : list;
    }

    private static PolicyStatement Key(BucketPrefix place, string sid, IReadOnlyList<string> actions, string key) => new(
        sid, actions, [key], Principal: null,
        new(Equal, "kms:ViaService", Services(place.Connection)),
        // With an S3 bucket key, the encryption context is the bucket; otherwise the object.
        new(Like, "kms:EncryptionContext:aws:s3:arn", place.Bucket, place.Objects));

    // The key is in the bucket's region. In China, AWS uses the service's name with and without .cn.
    private static string[] Services(S3Connection connection)
    {
        var region = connection.KmsKeyArn!.Split(':')[3];
        var partition = AwsPartition.From(region);
        var service = $"s3.{region}.{partition.DnsSuffix}";
        return partition.Name == "aws-cn" ? [service, $"s3.{region}.amazonaws.com"] : [service];
    }
}

/// <summary>The objects of a connection's bucket whose keys begin with a prefix.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Prefix">The prefix: empty, or ending with <c>/</c>.</param>
internal sealed record BucketPrefix(S3Connection Connection, string Prefix)
{
    /// <summary>The bucket's ARN.</summary>
    public string Bucket => $"arn:{AwsPartition.From(Connection.Region).Name}:s3:::{Connection.BucketName}";

    /// <summary>The ARN of the objects.</summary>
    public string Objects => $"{Bucket}/{PolicyLiteral.Escape(Prefix)}*";
}
