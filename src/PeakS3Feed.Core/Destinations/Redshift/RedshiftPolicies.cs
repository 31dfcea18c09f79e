using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The IAM documents that a destination needs besides those of its staging connection.</summary>
internal static class RedshiftPolicies
{
    private const string Any = "*";

    /// <summary>Returns where a destination keeps its staged files.</summary>
    private static BucketPrefix GetStagingPlace(RedshiftDestination destination, S3Connection connection)
        => new(connection, connection.RootPrefix + destination.StagingPrefix);

    /// <summary>
    /// Returns the policies of the roles with which COPY reads staged files, and the objects of direct loads. The warehouse assumes the first role; in a chain, each role assumes
    /// the next one, and the last one reads the bucket.
    /// </summary>
    /// <exception cref="FeedException"><c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>.</exception>
    public static S3FeedPolicy ForCopy(RedshiftDestination destination, ReadConnections read)
    {
        var connection = read.Staging;
        PolicyErrors.ThrowIfNoStaging(connection, destination.Name);
        var place = GetStagingPlace(destination, connection);
        var chain = GetRoles(destination) is { Count: > 0 } arns
            ? [.. arns.Select(PolicyRole.FromArn)]
            : new[] { PolicyRole.ToCreate($"peaks3feed-copy-{destination.Name}") };
        return new([.. chain.Select((role, i) => new PolicyGrant(
            $"peaks3feed-copy-{destination.Name}",
            i == chain.Length - 1 ? [.. AccessStatements.Read(place), .. AccessStatements.ReadSources(read.Sources)] : [new("Assume", ["sts:AssumeRole"], [chain[i + 1].Arn!], Principal: null)],
            role,
            new("Assume", ["sts:AssumeRole"], [], i == 0 ? GetWarehouse(destination) : PolicyPrincipal.Aws(chain[i - 1].Arn!))))])
        {
            For = PolicyPurpose.Copy, Connection = connection, DestinationName = destination.Name, Notes = [.. GetCopyNotes(destination, place), .. PolicyNotes.ForSources(read.Sources)],
        };
    }

    /// <summary>Returns the policy of the identity that calls the warehouse's services: the Data API, and those that grant logins.</summary>
    /// <exception cref="FeedException"><c>PolicyNotNeeded</c>: the destination calls none.</exception>
    public static S3FeedPolicy ForServices(RedshiftDestination destination)
    {
        PolicyStatement[] statements = destination.Host is null
            ? [.. GetStatements(destination), GetLogin(destination)]
            : destination.Username is null ? [GetLogin(destination)] : throw PolicyErrors.NoServiceCalled(destination.Name);
        return new([new($"peaks3feed-{destination.Name}", statements)])
        {
            For = PolicyPurpose.DataApi, DestinationName = destination.Name, Notes = [.. GetServiceNotes(destination, statements)],
        };
    }

    private static IReadOnlyList<string> GetRoles(RedshiftDestination destination)
        => destination.IamRole?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    // A workgroup needs both principals (Redshift Management Guide, "Granting permissions to Amazon Redshift Serverless"). A host alone may be
    // either.
    private static PolicyPrincipal GetWarehouse(RedshiftDestination destination) => destination.ClusterIdentifier is not null
        ? PolicyPrincipal.Service("redshift.amazonaws.com")
        : PolicyPrincipal.Service("redshift.amazonaws.com", "redshift-serverless.amazonaws.com");

    // The actions of the second statement have no resource; their condition limits them to statements of the same identity (Service Authorization
    // Reference, "Amazon Redshift Data API").
    private static PolicyStatement[] GetStatements(RedshiftDestination destination) =>
    [
        new(
            "Run", ["redshift-data:ExecuteStatement", "redshift-data:BatchExecuteStatement"],
            [
                destination.WorkgroupName is null
                    ? GetArn(destination, "redshift", "cluster:" + Escape(destination.ClusterIdentifier))
                    : GetWorkgroup(destination),
            ],
            Principal: null),
        new(
            "Follow", ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult", "redshift-data:CancelStatement"], [Any],
            Principal: null,
            new PolicyCondition("StringEquals", "redshift-data:statement-owner-iam-userid", "${aws:userid}")),
    ];

    private static PolicyStatement GetLogin(RedshiftDestination destination)
    {
        var (action, resources) = destination switch
        {
            { SecretArn: { } secret } => ("secretsmanager:GetSecretValue", new[] { secret }),
            { WorkgroupName: not null } => ("redshift-serverless:GetCredentials", [GetWorkgroup(destination)]),
            { DbUser: { } user } => ("redshift:GetClusterCredentials", [GetLoginArn(destination, "dbuser", user), GetDatabase(destination)]),
            _ => ("redshift:GetClusterCredentialsWithIAM", [GetDatabase(destination)]),
        };
        return new("Login", [action], resources, Principal: null);
    }

    private static string GetDatabase(RedshiftDestination destination) => GetLoginArn(destination, "dbname", destination.Database);

    private static string GetLoginArn(RedshiftDestination destination, string kind, string name)
        => GetArn(destination, "redshift", $"{kind}:{Escape(destination.ClusterIdentifier)}/{Escape(name)}");

    // The ARN of a workgroup has its id, which the definition does not have.
    private static string GetWorkgroup(RedshiftDestination destination) => GetArn(destination, "redshift-serverless", "workgroup/" + Any);

    private static string GetArn(RedshiftDestination destination, string service, string resource)
        => $"arn:{AwsPartition.From(destination.Region).Name}:{service}:{destination.Region ?? Any}:{FindAccount(destination) ?? Any}:{resource}";

    // The first role of a chain belongs to the account of the warehouse.
    private static string? FindAccount(RedshiftDestination destination)
        => GetRoles(destination).Append(destination.SecretArn).FirstOrDefault(a => a is not null)?.Split(':')
            is [_, _, _, _, { Length: > 0 } account, ..]
            ? account
            : null;

    private static string Escape(string? name) => PolicyLiteral.Escape(name ?? "");

    private static IEnumerable<string> GetCopyNotes(RedshiftDestination destination, BucketPrefix place)
    {
        if (destination.IamRole is null)
        {
            yield return "The destination names no role, so COPY uses the default role of the warehouse. Associate the new role with the "
                + "warehouse, and "
                + "make it the default or set it as the destination's iamRole.";
            if (place.Connection.KmsKeyArn is not null)
                yield return PolicyNotes.KeyNeedsRole("destination");
        }
        foreach (var note in PolicyNotes.ForPrefix(place.Prefix))
            yield return note;
    }

    private static IEnumerable<string> GetServiceNotes(RedshiftDestination destination, IReadOnlyList<PolicyStatement> statements)
    {
        yield return destination.ProfileName is { } profile
            ? $"Attach the policy to the user or role of the AWS profile {profile}."
            : "Attach the policy to the user or role that the default chain of credentials finds where the feeds run.";
        if (statements.SelectMany(s => s.Resources).Any(r => r.EndsWith("workgroup/" + Any, StringComparison.Ordinal)))
        {
            yield return "The ARN of a workgroup has the workgroup's id, not its name, so the policy allows all workgroups of the region. "
                + "To allow only "
                + $"{destination.WorkgroupName}, replace the ARN that ends in workgroup/* by the one that this command shows: aws "
                + "redshift-serverless "
                + $"get-workgroup --workgroup-name {destination.WorkgroupName} --query workgroup.workgroupArn --output text";
        }
        if (FindAccount(destination) is null)
        {
            yield return "The definition does not contain the account's number, so the ARNs have * in its place. An identity can use * "
                + "only for its own "
                + "account; you may replace it by the number.";
        }
        if (destination.SecretArn is not null)
            yield return "If the secret is encrypted with a customer-managed key, the identity also needs kms:Decrypt with that key.";
    }
}
