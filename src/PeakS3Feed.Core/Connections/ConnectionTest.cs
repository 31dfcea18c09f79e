using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections;

/// <summary>
/// Tries the way into a connection step by step, with the requests that a run makes and no others, and says of each
/// step what was tried, how it ended and which layer is at fault. Nothing is written. A person is waiting, so little is retried.
/// </summary>
public static class ConnectionTest
{
    /// <summary>
    /// Streams one check per step, in the order of <see cref="ConnectionStep"/>; those after a failed one that they need are skipped.
    /// Throws only when canceled.
    /// </summary>
    /// <param name="connection">The connection; its definition should be valid.</param>
    /// <param name="accessKey">Base credentials for this test alone, or null.</param>
    /// <param name="loggers">Retries are told here.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    public static IAsyncEnumerable<ConnectionCheck> RunAsync(
        S3Connection connection, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
        => connection.FolderPath is { } folder
            ? FolderProbe.RunAsync(folder, connection, cancellationToken)
            : RunOnS3Async(connection, accessKey, loggers, time, cancellationToken);

    private static async IAsyncEnumerable<ConnectionCheck> RunOnS3Async(
        S3Connection connection, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var probe = new S3Probe(connection);
        using var clients = new AwsClients(connection, new SourceIdentity("test", Guid.NewGuid()), accessKey, loggers, time, RetryBudget.Brief);
        var tried = BaseCredentials.Describe(connection, accessKey);
        var credentials = await TryAsync(
            ConnectionStep.BaseCredentials, tried,
            async c => await clients.GetBaseAsync(c) is { } found ? $"They are those of {found.AccessKey}." : "Requests are not signed.",
            cancellationToken);
        yield return credentials;

        var role = await AssumeAsync(connection, clients, credentials, cancellationToken);
        yield return role;
        if (role.Outcome == CheckOutcome.Failed || credentials.Outcome == CheckOutcome.Failed)
        {
            foreach (var step in new[] { ConnectionStep.Region, ConnectionStep.List, ConnectionStep.Read, ConnectionStep.Kms })
                yield return S3Probe.Skipped(step, "There are no credentials to try it with.");
            yield break;
        }

        var (region, list, found) = await probe.ListAsync(clients, cancellationToken);
        yield return region;
        yield return list;

        var read = await probe.ReadAsync(clients, list, found, cancellationToken);
        yield return read.Check;
        yield return read.Kms;
    }

    private static async Task<ConnectionCheck> AssumeAsync(
        S3Connection connection, AwsClients clients, ConnectionCheck credentials, CancellationToken cancellationToken)
    {
        if (connection.RoleArn is not { } role)
            return S3Probe.Skipped(ConnectionStep.AssumeRole, "The connection names no role.");
        if (credentials.Outcome == CheckOutcome.Failed)
            return S3Probe.Skipped(ConnectionStep.AssumeRole, "There are no credentials to try it with.");
        return await TryAsync(
            ConnectionStep.AssumeRole,
            connection.ExternalId is null ? $"sts:AssumeRole of {role}" : $"sts:AssumeRole of {role} with the external id",
            async c =>
            {
                await clients.GetCredentialsAsync(c);
                return "STS gave a session.";
            },
            cancellationToken);
    }

    private static async Task<ConnectionCheck> TryAsync(
        ConnectionStep step, string tried, Func<CancellationToken, Task<string>> action, CancellationToken cancellationToken)
    {
        try
        {
            return new(step, CheckOutcome.Passed, tried, await action(cancellationToken));
        }
        catch (FeedException e)
        {
            return new(step, CheckOutcome.Failed, tried, e.Message, e.Hint, e.ServiceCode, e.RequestId);
        }
    }
}
