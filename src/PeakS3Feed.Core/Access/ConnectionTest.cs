using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Access;

/// <summary>
/// Tests the access to a connection step by step, with the same requests as a run. Reports for each step the request, the outcome and the layer at
/// fault. Writes nothing. Retries less than a run, because a person waits.
/// </summary>
public static class ConnectionTest
{
    private const string NoRole = "The connection names no role.";

    /// <summary>
    /// Streams one check for each step, in the order of <see cref="ConnectionStep"/>. Steps that need a failed one are skipped. Throws only if it is
    /// canceled.
    /// </summary>
    /// <param name="connection">The connection; it should be valid.</param>
    /// <param name="accessKey">Base credentials for this test only, or null.</param>
    /// <param name="loggers">The log of retries.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static IAsyncEnumerable<ConnectionCheck> RunAsync(
        S3Connection connection, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
        => connection.Folder is { } folder
            ? FolderProbe.RunAsync(folder, connection, cancellationToken)
            : RunOnS3Async(connection, accessKey, loggers, time, cancellationToken);

    private static async IAsyncEnumerable<ConnectionCheck> RunOnS3Async(
        S3Connection connection, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var clients = new AwsClients(connection, new SourceIdentity("test", Guid.NewGuid()), accessKey, loggers, time, RetryBudget.Short);
        var credentials = await TryAsync(
            connection, ConnectionStep.BaseCredentials, BaseCredentials.Describe(connection, accessKey),
            async c => await clients.GetBaseAsync(c) is { } found ? $"Found the access key {found.AccessKey}." : "Requests are not signed.",
            cancellationToken);
        if (credentials.Outcome == CheckOutcome.Failed)
        {
            foreach (var check in After(connection, credentials))
                yield return check;
            yield break;
        }

        // Only a request shows whether the credentials are valid.
        var role = await AssumeAsync(connection, clients, cancellationToken);
        if (role.Outcome == CheckOutcome.Failed)
        {
            var isOfBase = AccessDiagnosis.IsAboutCredentials(role.ErrorId);
            if (!isOfBase)
                yield return credentials;
            foreach (var check in After(connection, isOfBase ? NotAccepted(credentials, role) : role))
                yield return check;
            yield break;
        }
        var probe = new S3Probe(connection);
        var (region, list, found) = await probe.ListAsync(clients, cancellationToken);
        if (connection.RoleArn is null && AccessDiagnosis.IsAboutCredentials(list.ErrorId))
        {
            foreach (var check in After(connection, NotAccepted(credentials, list)))
                yield return check;
            yield break;
        }
        yield return credentials;
        yield return role;
        yield return region;
        yield return list;

        var read = await probe.ReadAsync(clients, list, found, cancellationToken);
        yield return read.Check;
        yield return read.Kms;
    }

    // The credentials exist, and a service refused them.
    private static ConnectionCheck NotAccepted(ConnectionCheck found, ConnectionCheck refusal)
        => refusal with { Step = ConnectionStep.BaseCredentials, Message = $"{found.Message} {refusal.Message}" };

    // Returns the failed check, and skips the steps that need it.
    private static IEnumerable<ConnectionCheck> After(S3Connection connection, ConnectionCheck failed)
    {
        yield return failed;
        var why = failed.Step == ConnectionStep.BaseCredentials ? "Needs base credentials." : "Needs the role.";
        foreach (var step in Enum.GetValues<ConnectionStep>().Where(s => s > failed.Step))
            yield return S3Probe.Skipped(step, step == ConnectionStep.AssumeRole && connection.RoleArn is null ? NoRole : why);
    }

    private static async Task<ConnectionCheck> AssumeAsync(S3Connection connection, AwsClients clients, CancellationToken cancellationToken)
        => connection.RoleArn is not { } role
            ? S3Probe.Skipped(ConnectionStep.AssumeRole, NoRole)
            : await TryAsync(
                connection, ConnectionStep.AssumeRole,
                connection.ExternalId is null ? $"sts:AssumeRole of {role}" : $"sts:AssumeRole of {role} with the external id",
                async c =>
                {
                    await clients.GetCredentialsAsync(c);
                    return clients.SessionDuration is { } granted && granted < connection.SessionDuration
                        ? $"STS granted a session of {Hours(granted)}, not of {Hours(connection.SessionDuration)} (sessionDuration): "
                            + "the role's maximum is shorter, or the base credentials are a role's session themselves. Runs renew the session."
                        : "STS granted a session.";
                },
                cancellationToken);

    private static string Hours(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.##} h");

    private static async Task<ConnectionCheck> TryAsync(
        S3Connection connection, ConnectionStep step, string tried, Func<CancellationToken, Task<string>> action, CancellationToken cancellationToken)
    {
        try
        {
            return new(step, CheckOutcome.Passed, tried, await action(cancellationToken));
        }
        catch (FeedException e)
        {
            return new(step, CheckOutcome.Failed, tried, e.Message, e.Hint, e.ServiceCode, e.RequestId)
            {
                ErrorId = e.Id,
                Remedies = [.. e.Remedies.Where(r => r != Remedy.TestConnection(connection.Name))], // this is the test
            };
        }
    }
}
