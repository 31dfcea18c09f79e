using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Access;

/// <summary>The two requests that prove access to a bucket: list a few keys, and read one byte of the first object that is not archived.</summary>
internal sealed class S3Probe(S3Connection connection)
{
    // More than one, because an archived object cannot be read.
    private const int KeysListed = 10;

    private readonly BucketRequests _requests = new(connection);
    private bool _metArchived;

    /// <summary>Creates a skipped check.</summary>
    public static ConnectionCheck Skipped(ConnectionStep step, string why) => new(step, CheckOutcome.Skipped, "nothing", why);

    /// <summary>Lists a few keys, which also proves the region. HeadBucket is not used, because a policy for a prefix denies it.</summary>
    public async Task<(ConnectionCheck Region, ConnectionCheck List, IReadOnlyList<ListedObject> Found)> ListAsync(AwsClients clients,
        CancellationToken cancellationToken)
    {
        var tried = $"ListObjectsV2 of s3://{connection.BucketName}/{connection.RootPrefix}, {KeysListed} keys";
        var answers = new ConnectionCheck(ConnectionStep.Region, CheckOutcome.Passed, tried,
            $"The bucket answers in {connection.Region ?? "the server's only region"}.");
        try
        {
            var found = await ListAsync(clients, connection.RootPrefix, KeysListed, cancellationToken);
            return (answers, new(ConnectionStep.List, CheckOutcome.Passed, tried, found.Count == 0
                ? "Can list objects. There are none yet."
                : "Can list objects."), found);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failed = Failed(new(ConnectionStep.List, connection), tried, ServiceFailure.From(e));
            return failed.ErrorId switch
            {
                "WrongRegion" => (failed with { Step = ConnectionStep.Region }, Skipped(ConnectionStep.List, "Needs the right region."), []),
                "S3Unreachable" or "TlsFailed" or "NotS3" => (failed with { Step = ConnectionStep.Region },
                    Skipped(ConnectionStep.List, "The bucket did not answer."), []),

                // A denial comes from the bucket itself, so the region is right.
                "ListDenied" => (answers, failed, []),
                _ => (Skipped(ConnectionStep.Region, "The bucket did not answer."), failed, []),
            };
        }
    }

    /// <summary>Reads the first byte of the first listed object that can be read. A refusal by KMS is a check of its own.</summary>
    public async Task<(ConnectionCheck Check, ConnectionCheck Kms)> ReadAsync(
        AwsClients clients, ConnectionCheck list, IReadOnlyList<ListedObject> found, CancellationToken cancellationToken)
    {
        var noKms = Skipped(ConnectionStep.Kms, "No object needed KMS.");
        if (found.Count == 0)
            return (Skipped(ConnectionStep.Read, list.Outcome == CheckOutcome.Passed
                ? "There is no object to read yet."
                : "No object was listed."), noKms);
        (ConnectionCheck Check, ConnectionCheck Kms)? refused = null;
        foreach (var item in found)
        {
            if (item.IsArchived(clients.Calls.Time.GetUtcNow()))
                _metArchived = true;
            else if (await ReadAsync(clients, item, noKms, cancellationToken) is not { } answer)
                continue;
            else if (answer.Check.Outcome == CheckOutcome.Passed)
                return refused is null ? answer : (WithRefusal(answer.Check, refused.Value), answer.Kms);
            else if (answer.Check.ErrorId == "ObjectAccessDenied")
                refused ??= answer; // may concern only this object
            else
                return answer;
        }
        if (refused is not null)
            return refused.Value;
        var none = _metArchived
            ? Skipped(ConnectionStep.Read, "The first objects are all archived and cannot be read.") with
            {
                Hint = "The objects' storage class is at fault: runs skip archived objects and list them. Restore the objects that you need "
                    + "(aws s3api restore-object).",
            }
            : Skipped(ConnectionStep.Read, "The first objects no longer exist.");
        return (none, noKms);
    }

    // The check passes, because a run can leave the object out. It still gives the reason.
    private static ConnectionCheck WithRefusal(ConnectionCheck read, (ConnectionCheck Check, ConnectionCheck Kms) refused)
    {
        var why = refused.Kms.Outcome == CheckOutcome.Failed ? refused.Kms : refused.Check;
        return read with
        {
            Message = $"Can read some objects, but not all: {why.Message}", Hint = why.Hint, ServiceCode = why.ServiceCode, RequestId = why.RequestId,
            Remedies = why.Remedies,
        };
    }

    // Returns null for an object that no longer exists or is archived (some archives are detected only here).
    private async Task<(ConnectionCheck Check, ConnectionCheck Kms)?> ReadAsync(
        AwsClients clients, ListedObject item, ConnectionCheck noKms, CancellationToken cancellationToken)
    {
        var tried = $"GetObject of s3://{connection.BucketName}/{item.Key}, one byte";
        try
        {
            using var response = await CallAsync(clients, (s3, c) => s3.GetObjectAsync(_requests.FirstByte(item.Key, item.Size), c),
                cancellationToken);
            var kms = response.ServerSideEncryptionMethod?.Value?.StartsWith("aws:kms", StringComparison.Ordinal) == true
                ? new(ConnectionStep.Kms, CheckOutcome.Passed, tried, "Can decrypt with the object's KMS key.")
                : noKms;
            return (new(ConnectionStep.Read, CheckOutcome.Passed, tried, "Can read objects."), kms);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = ServiceFailure.From(e);
            if (failure.Code == "InvalidObjectState")
            {
                _metArchived = true;
                return null;
            }
            if (await IsGoneAsync(clients, item, failure, cancellationToken))
                return null;
            var failed = Failed(new(ConnectionStep.Read, connection, $"s3://{connection.BucketName}/{item.Key}"), tried, failure);
            return failure.IsAboutKms
                ? (failed with { Message = "S3 allows reading the object, but KMS does not decrypt it.", Hint = null, Remedies = [] },
                    failed with { Step = ConnectionStep.Kms })
                : (failed, noKms);
        }
    }

    // Without permission to list the whole bucket, S3 answers "denied" for a missing key.
    private async Task<bool> IsGoneAsync(AwsClients clients, ListedObject item, ServiceFailure failure, CancellationToken cancellationToken)
    {
        if (failure is not { Kind: FailureKind.Refused, Status: 403 or 404, IsAboutIdentity: false, IsAboutKms: false, Code: not "NoSuchBucket" })
            return false;
        try
        {
            return (await ListAsync(clients, item.Key, 1, cancellationToken)).All(o => !string.Equals(o.Key, item.Key, StringComparison.Ordinal));
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // the caller reports the first failure
        }
    }

    private async Task<IReadOnlyList<ListedObject>> ListAsync(AwsClients clients, string prefix, int keys, CancellationToken cancellationToken)
        => (await CallAsync(clients, (s3, c) => s3.ListPageAsync(_requests.List(prefix, keys), c), cancellationToken)).Objects;

    private static Task<T> CallAsync<T>(AwsClients clients, Func<S3Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => clients.Calls.RunAsync(
            "Testing the connection", async c => await call((await clients.GetS3Async(c)).Client, c), cancellationToken);

    private static ConnectionCheck Failed(AccessAttempt attempt, string tried, ServiceFailure failure)
    {
        var diagnosis = AccessDiagnosis.Explain(attempt, failure);
        return new(attempt.Step, CheckOutcome.Failed, tried, diagnosis.Message, diagnosis.Hint, failure.Code, failure.RequestId)
        {
            ErrorId = diagnosis.Id,
            Remedies = diagnosis.Remedies,
        };
    }
}
