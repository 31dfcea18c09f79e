using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The IAM documents of the role with which Snowflake's storage integration reads staged files and objects.</summary>
internal static class SnowflakePolicies
{
    /// <summary>Returns where a destination keeps its staged files.</summary>
    public static BucketPrefix GetStagingPlace(SnowflakeDestination destination, S3Connection connection)
        => new(connection, connection.RootPrefix + destination.StagingPrefix);

    /// <summary>Returns the policies of the role.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="read">The connections whose objects Snowflake reads.</param>
    /// <param name="trusted">
    /// Snowflake's user and external id, as DESC INTEGRATION shows them; null while the integration does not exist. Then nobody may assume the role.
    /// </param>
    /// <exception cref="FeedException"><c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>.</exception>
    public static S3FeedPolicy ForCopy(SnowflakeDestination destination, ReadConnections read, TrustedParty? trusted = null)
    {
        var connection = read.Staging;
        // The rules of a connection for both values, and its trust policy.
        var trusting = trusted is null ? connection : connection with { TrustedPrincipal = trusted.Principal, ExternalId = trusted.ExternalId };
        PolicyErrors.ThrowIfNoStaging(trusting, destination.Name);
        var place = GetStagingPlace(destination, connection);
        var name = $"peaks3feed-copy-{destination.Name}";
        var role = destination.IntegrationRole is { } arn ? PolicyRole.FromArn(arn) : PolicyRole.ToCreate(name);
        var trust = trusted is null ? AccessStatements.TrustNobody() : AccessStatements.Trust(trusting, trusted.Principal);
        return new([new PolicyGrant(
            name, [.. AccessStatements.ReadVersions(place), .. AccessStatements.ReadSources(read.Sources, versions: true)], role, trust)])
        {
            For = PolicyPurpose.Copy, Connection = connection, DestinationName = destination.Name, TrustedPrincipal = trusted?.Principal,
            Notes = [.. GetNotes(destination, place, trusted), .. PolicyNotes.ForSources(read.Sources)],
        };
    }

    private static IEnumerable<string> GetNotes(SnowflakeDestination destination, BucketPrefix place, TrustedParty? trusted)
    {
        if (trusted is null)
        {
            yield return "Only Snowflake knows whom the role must trust, so this trust policy lets nobody assume it. Create the storage "
                + "integration with the role's ARN; DESC INTEGRATION then shows STORAGE_AWS_IAM_USER_ARN, the trusted principal, and "
                + "STORAGE_AWS_EXTERNAL_ID, the external id. Give both values, and this command shows the final trust policy.";
            if (destination.IntegrationRole is not null)
                yield return "If the role trusts Snowflake already, keep its trust policy.";
        }
        if (destination.IntegrationRole is null)
        {
            yield return "The destination names no role. Set the ARN of the new role as its integrationRole.";
            if (place.Connection.KmsKeyArn is not null)
                yield return PolicyNotes.KeyNeedsRole("destination");
        }
        foreach (var note in PolicyNotes.ForPrefix(place.Prefix))
            yield return note;
    }
}
