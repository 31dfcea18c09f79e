using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Access;

/// <summary>Creates the policy of a connection. Calls STS for the caller's ARN if the connection names no trusted principal.</summary>
internal sealed class PolicyFactory(AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time)
{
    private const string AccessPointAlias = "-s3alias";
    private const char MaxIamCharacter = '\u00FF';

    /// <summary>Creates the policy.</summary>
    /// <exception cref="FeedException">
    /// <c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>, <c>PrincipalUnknown</c>, <c>PrincipalUnusable</c>.
    /// </exception>
    public async Task<S3FeedPolicy> CreateAsync(S3Connection connection, CancellationToken cancellationToken)
    {
        ConnectionRules.ThrowIfInvalid(connection);
        if (connection.Anonymous || connection.IsFolder)
            throw PolicyErrors.NotNeeded(connection);
        if (connection.BucketName.EndsWith(AccessPointAlias, StringComparison.Ordinal))
            throw PolicyErrors.BucketUnknown(connection);
        var principal = connection.TrustedPrincipal is { } given
            ? TrustedPrincipal.From(given, connection)
            : TrustedPrincipal.FromCaller(await GetCallerAsync(connection, cancellationToken), connection);
        return new S3FeedPolicy(connection, principal.Arn, [.. Notes(connection, principal)]);
    }

    private async Task<string> GetCallerAsync(S3Connection connection, CancellationToken cancellationToken)
    {
        try
        {
            var identity = new SourceIdentity("policy", Guid.NewGuid());
            using var clients = new AwsClients(connection, identity, accessKey, loggers, time, RetryBudget.ForTests);
            return await clients.GetCallerAsync(cancellationToken);
        }
        catch (FeedException e)
        {
            throw PolicyErrors.PrincipalUnknown(connection, e.Message, failure: null, e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = ServiceFailure.From(e);
            var why = failure is { Kind: FailureKind.Refused, IsAboutIdentity: false, IsThrottle: false }
                ? $"STS answered {failure.Code ?? "an error"} (HTTP {failure.Status})."
                : AccessDiagnosis.Explain(new(ConnectionStep.AssumeRole, connection), failure).Message;
            throw PolicyErrors.PrincipalUnknown(connection, why, failure, e);
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
            yield return "The policy of the KMS key must also allow the role. The statement for it becomes part of this policy once the connection "
                + "names its role.";
        if (connection.RootPath.Any(c => c > MaxIamCharacter))
            yield return "IAM accepts some characters of the root path only as escapes. The forms Json and AwsCli preserve them; CloudFormation and "
                + "Terraform may not.";
        if (connection.RootPath.Contains("{{resolve:", StringComparison.Ordinal))
            yield return "CloudFormation would replace a part of the root path as a dynamic reference: use another form.";
    }
}
