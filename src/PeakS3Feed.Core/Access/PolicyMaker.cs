using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Access;

/// <summary>Makes the policy of a connection. Asks STS for the caller's ARN where the connection names no trusted principal.</summary>
internal sealed class PolicyMaker(AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time)
{
    private const string AccessPointAlias = "-s3alias";
    private const char LastCharacterOfIam = '\u00FF';

    /// <summary>Makes the policy, whatever the status of the connection.</summary>
    /// <exception cref="FeedException">
    /// <c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>, <c>PrincipalUnknown</c>, <c>PrincipalUnusable</c>.
    /// </exception>
    public async Task<S3FeedPolicy> MakeAsync(S3Connection connection, CancellationToken cancellationToken)
    {
        ConnectionRules.ThrowIfInvalid(connection);
        if (connection.Anonymous || connection.IsFolder)
            throw PolicyErrors.NotNeeded(connection);
        if (connection.BucketName.EndsWith(AccessPointAlias, StringComparison.Ordinal))
            throw PolicyErrors.BucketUnknown(connection);
        var principal = connection.TrustedPrincipal is { } given
            ? TrustedPrincipal.From(given, connection)
            : TrustedPrincipal.FromCaller(await AskAsync(connection, cancellationToken), connection);
        return new S3FeedPolicy(connection, principal.Arn, [.. Notes(connection, principal)]);
    }

    private async Task<string> AskAsync(S3Connection connection, CancellationToken cancellationToken)
    {
        try
        {
            using var clients = new AwsClients(connection, new SourceIdentity("policy", Guid.NewGuid()), accessKey, loggers, time, RetryBudget.Brief);
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
            yield return $"The principal {principal.Arn} was made from a session, whose ARN leaves out the role's path; where the role has one, name its ARN with it.";
        if (connection.ExternalId is null)
            yield return "The connection has no external id, so the trust policy demands none: whoever can act as the principal can be led to use this role.";
        if (connection.KmsKeyArn is not null && connection.RoleArn is null)
            yield return "The KMS key's own policy must allow the role, too: once the connection names its role, the statement for it is part of this.";
        if (connection.RootPath.Any(c => c > LastCharacterOfIam))
            yield return "IAM takes some of the root path's characters only as escapes, which the forms Json and AwsCli keep; CloudFormation and Terraform may undo them.";
        if (connection.RootPath.Contains("{{resolve:", StringComparison.Ordinal))
            yield return "The root path looks to CloudFormation like a dynamic reference, which it would replace: take another form.";
    }
}
