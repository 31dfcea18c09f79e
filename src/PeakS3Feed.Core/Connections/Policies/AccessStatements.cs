namespace PeakS3Feed.Connections.Policies;

/// <summary>The minimal statements for a connection: they allow the requests of the program and nothing else.</summary>
internal static class AccessStatements
{
    private const string Like = "StringLike";
    private const string Equal = "StringEquals";

    /// <summary>Returns the statements of the permission policy.</summary>
    public static IReadOnlyList<PolicyStatement> Permission(S3Connection connection)
    {
        var list = new PolicyStatement("List", "s3:ListBucket", Bucket(connection), Principal: null);
        if (connection.RootPrefix.Length > 0)
            list = list with { Conditions = [new(Like, "s3:prefix", connection.RootPrefix + "*")] };
        var read = new PolicyStatement("Read", "s3:GetObject", Objects(connection), Principal: null);
        return connection.KmsKeyArn is { } key ? [list, read, Decrypt(connection, key, principal: null)] : [list, read];
    }

    /// <summary>Returns the statement of the trust policy.</summary>
    public static PolicyStatement Trust(S3Connection connection, string principal)
    {
        var assume = new PolicyStatement("Assume", "sts:AssumeRole", Resource: null, principal);
        return connection.ExternalId is { } externalId ? assume with { Conditions = [new(Equal, "sts:ExternalId", externalId)] } : assume;
    }

    /// <summary>
    /// Returns the statement for the KMS key's own policy; null without a key, or while the role is unknown. In a key's policy, <c>*</c> means the
    /// key.
    /// </summary>
    public static PolicyStatement? Key(S3Connection connection)
        => connection is { KmsKeyArn: not null, RoleArn: { } role } ? Decrypt(connection, "*", role) : null;

    private static PolicyStatement Decrypt(S3Connection connection, string resource, string? principal) => new(
        "Decrypt", "kms:Decrypt", resource, principal,
        new(Equal, "kms:ViaService", Services(connection)),
        // With an S3 bucket key, the encryption context is the bucket; otherwise the object.
        new(Like, "kms:EncryptionContext:aws:s3:arn", Bucket(connection), Objects(connection)));

    // The key is in the bucket's region. In China, AWS uses the service's name with and without .cn.
    private static string[] Services(S3Connection connection)
    {
        var region = connection.KmsKeyArn!.Split(':')[3];
        var partition = AwsPartition.From(region);
        var service = $"s3.{region}.{partition.DnsSuffix}";
        return partition.Name == "aws-cn" ? [service, $"s3.{region}.amazonaws.com"] : [service];
    }

    private static string Bucket(S3Connection connection) => $"arn:{AwsPartition.From(connection.Region).Name}:s3:::{connection.BucketName}";

    private static string Objects(S3Connection connection) => $"{Bucket(connection)}/{connection.RootPrefix}*";
}
