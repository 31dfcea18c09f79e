using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Access;

/// <summary>Creates the policies of connections. Calls STS for the caller's ARN if the connection names no trusted principal.</summary>
internal sealed class PolicyFactory(AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time)
{
    /// <summary>Creates the policy of a connection whose objects feeds read.</summary>
    /// <exception cref="FeedException">
    /// <c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>, <c>PrincipalUnknown</c>, <c>PrincipalUnusable</c>.
    /// </exception>
    public async Task<S3FeedPolicy> CreateAsync(S3Connection connection, CancellationToken cancellationToken)
    {
        ConnectionRules.ThrowIfInvalid(connection);
        if (connection.Anonymous || connection.IsFolder)
            throw PolicyErrors.NotNeeded(connection);
        return await CreateAsync(
            new BucketPrefix(connection, connection.RootPrefix), new PolicyOwner(connection.Name, PolicyPurpose.Source),
            AccessStatements.Permission(connection), "peaks3feed", cancellationToken);
    }

    /// <summary>Creates the policy of a connection through which a destination stages files.</summary>
    /// <param name="place">The connection, with the prefix of the staged files.</param>
    /// <param name="destination">The destination's name.</param>
    /// <param name="isSource">Whether feeds read through the connection, too.</param>
    /// <param name="cancellationToken">Cancels the call to STS.</param>
    /// <exception cref="FeedException">
    /// <c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>, <c>PrincipalUnknown</c>, <c>PrincipalUnusable</c>.
    /// </exception>
    public async Task<S3FeedPolicy> CreateForStagingAsync(
        BucketPrefix place, string destination, bool isSource, CancellationToken cancellationToken)
    {
        PolicyErrors.ThrowIfNoStaging(place.Connection, destination);
        var policy = await CreateAsync(
            place, new PolicyOwner(destination, PolicyPurpose.Staging), AccessStatements.Stage(place), $"peaks3feed-staging-{destination}",
            cancellationToken);
        return new(policy.Grants)
        {
            For = PolicyPurpose.Staging, Connection = place.Connection, DestinationName = destination, TrustedPrincipal = policy.TrustedPrincipal,
            Notes = isSource
                ? [.. policy.Notes, PolicyNotes.AlsoSource]
                : policy.Notes,
        };
    }

    /// <summary>Creates the policies for tables on S3: of the writer, of readers, and a statement for the bucket.</summary>
    /// <param name="place">The connection, with the prefix of the tables.</param>
    /// <param name="destination">The destination's name.</param>
    /// <param name="isSource">Whether feeds read through the connection, too.</param>
    /// <param name="cancellationToken">Cancels the call to STS.</param>
    /// <exception cref="FeedException">
    /// <c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>, <c>PrincipalUnknown</c>, <c>PrincipalUnusable</c>.
    /// </exception>
    public async Task<S3FeedPolicy> CreateForTablesAsync(
        BucketPrefix place, string destination, bool isSource, CancellationToken cancellationToken)
    {
        PolicyErrors.ThrowIfNoTables(place.Connection, destination);
        var policy = await CreateAsync(
            place, new PolicyOwner(destination, PolicyPurpose.Table), AccessStatements.Stage(place), $"peaks3feed-tables-{destination}",
            cancellationToken);
        return new(policy.Grants)
        {
            For = PolicyPurpose.Table, Connection = place.Connection, DestinationName = destination, TrustedPrincipal = policy.TrustedPrincipal,
            Reader = new($"peaks3feed-read-{destination}", AccessStatements.Read(place)),
            Bucket = AccessStatements.ProtectLogs(place),
            Notes = [.. policy.Notes, .. isSource ? [PolicyNotes.AlsoSource] : (string[])[], PolicyNotes.BucketPolicy],
        };
    }

    private async Task<S3FeedPolicy> CreateAsync(
        BucketPrefix place, PolicyOwner owner, IReadOnlyList<PolicyStatement> permission, string policyName, CancellationToken cancellationToken)
    {
        var connection = place.Connection;
        PolicyErrors.ThrowIfAlias(connection);
        var principal = connection.TrustedPrincipal is { } given
            ? TrustedPrincipal.From(given, owner)
            : TrustedPrincipal.FromCaller(await GetCallerAsync(connection, owner, cancellationToken), owner);
        var trust = AccessStatements.Trust(connection, principal.Arn);
        return new([new PolicyGrant(policyName, permission, PolicyRole.From(connection), trust)])
        {
            Connection = connection, TrustedPrincipal = principal.Arn,
            Notes = [.. Notes(connection, principal), .. PolicyNotes.ForPrefix(place.Prefix)],
        };
    }

    private async Task<string> GetCallerAsync(S3Connection connection, PolicyOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            var identity = new SourceIdentity("policy", Guid.NewGuid());
            using var clients = new AwsClients(connection, identity, accessKey, loggers, time, RetryBudget.Short);
            return await clients.GetCallerAsync(cancellationToken);
        }
        catch (FeedException e)
        {
            throw PolicyErrors.PrincipalUnknown(owner, e.Message, failure: null, e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = ServiceFailure.From(e);
            var why = failure is { Kind: FailureKind.Refused, IsAboutIdentity: false, IsThrottle: false }
                ? $"STS answered {failure.Code ?? "an error"} (HTTP {failure.Status})."
                : AccessDiagnosis.Explain(new(ConnectionStep.AssumeRole, connection), failure).Message;
            throw PolicyErrors.PrincipalUnknown(owner, why, failure, e);
        }
    }

    private static IEnumerable<string> Notes(S3Connection connection, TrustedPrincipal principal)
    {
        if (principal.IsFromSession)
            yield return $"The principal {principal.Arn} comes from a session, whose ARN lacks the path of the role. If the role has a path, "
                + "give the role's full ARN as the trusted principal.";
        if (connection.ExternalId is null)
            yield return "The connection has no external id, so the trust policy requires none: anyone who can act as the principal can be made to "
                + "use this role.";
        if (connection.KmsKeyArn is not null && connection.RoleArn is null)
            yield return PolicyNotes.KeyNeedsRole("connection");
    }
}
