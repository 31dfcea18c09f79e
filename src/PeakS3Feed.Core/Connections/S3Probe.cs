using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace PeakS3Feed.Connections;

/// <summary>The two requests that show whether a bucket lets us in: list a few keys, read one byte of the first that is not archived.</summary>
internal sealed class S3Probe(S3Connection connection)
{
    // More than one, for the first may be archived and then shows nothing.
    private const int KeysListed = 10;

    private RequestPayer? Payer => connection.RequesterPays ? RequestPayer.Requester : null;

    /// <summary>A check that was not made.</summary>
    public static ConnectionCheck Skipped(ConnectionStep step, string why) => new(step, CheckOutcome.Skipped, "nothing", why);

    /// <summary>Lists a few keys, which shows the region, too. Never HeadBucket: a policy for a prefix refuses it.</summary>
    public async Task<(ConnectionCheck Region, ConnectionCheck List, IReadOnlyList<S3Object> Found)> ListAsync(AwsClients clients, CancellationToken cancellationToken)
    {
        var tried = $"ListObjectsV2 of s3://{connection.BucketName}/{connection.RootPrefix}, {KeysListed} keys";
        var region = connection.Region ?? "no region in particular";
        try
        {
            var page = await CallAsync(clients, (s3, c) => s3.ListObjectsV2Async(ListRequest(), c), cancellationToken);
            var found = page.S3Objects ?? [];
            if (page.Encoding == EncodingType.Url)
                found.ForEach(o => o.Key = WebUtility.UrlDecode(o.Key));
            return (
                new(ConnectionStep.Region, CheckOutcome.Passed, tried, $"The bucket answers in {region}."),
                new(ConnectionStep.List, CheckOutcome.Passed, tried, found.Count == 0 ? "It may be listed, and holds nothing yet." : "It may be listed."),
                found);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failed = Failed(ConnectionStep.List, tried, ServiceFailure.From(e), out var id);
            return id switch
            {
                "WrongRegion" => (failed with { Step = ConnectionStep.Region }, Skipped(ConnectionStep.List, "The region comes first."), []),

                // Any answer of the bucket's own shows that it was asked in the right place.
                "ListDenied" => (new(ConnectionStep.Region, CheckOutcome.Passed, tried, $"The bucket answers in {region}."), failed, []),
                _ => (Skipped(ConnectionStep.Region, "No answer came from the bucket."), failed, []),
            };
        }
    }

    /// <summary>Reads the first byte of the first listed object that is not archived; where KMS refuses, says so in a check of its own.</summary>
    public async Task<(ConnectionCheck Check, ConnectionCheck Kms)> ReadAsync(
        AwsClients clients, ConnectionCheck list, IReadOnlyList<S3Object> found, CancellationToken cancellationToken)
    {
        var noKms = Skipped(ConnectionStep.Kms, "No refusal by KMS was met.");
        if (found.Count == 0)
            return (Skipped(ConnectionStep.Read, list.Outcome == CheckOutcome.Passed ? "There is no object to read yet." : "No object could be listed."), noKms);
        foreach (var item in found.Where(o => !ArchivedObjects.Contain(o, clients.Calls.Time.GetUtcNow())))
        {
            if (await ReadAsync(clients, item, noKms, cancellationToken) is { } answer)
                return answer;
        }
        return (Skipped(ConnectionStep.Read, "The first objects are all archived, so none could be read."), noKms);
    }

    // Null when it is archived after all: some archives show only at the read.
    private async Task<(ConnectionCheck Check, ConnectionCheck Kms)?> ReadAsync(
        AwsClients clients, S3Object first, ConnectionCheck noKms, CancellationToken cancellationToken)
    {
        var tried = $"GetObject of s3://{connection.BucketName}/{first.Key}, one byte";
        try
        {
            using var response = await CallAsync(clients, (s3, c) => s3.GetObjectAsync(GetRequest(first.Key, first.Size ?? 0), c), cancellationToken);
            var kms = response.ServerSideEncryptionMethod?.Value?.StartsWith("aws:kms", StringComparison.Ordinal) == true
                ? new(ConnectionStep.Kms, CheckOutcome.Passed, tried, "The object's KMS key may be used.")
                : noKms;
            return (new(ConnectionStep.Read, CheckOutcome.Passed, tried, "It may be read."), kms);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = ServiceFailure.From(e);
            if (failure.Code == "InvalidObjectState")
                return null;
            var failed = Failed(ConnectionStep.Read, tried, failure, out _);
            return (failed, failure.IsAboutKms ? failed with { Step = ConnectionStep.Kms } : noKms);
        }
    }

    private ListObjectsV2Request ListRequest() => new()
    {
        BucketName = connection.BucketName,
        Prefix = connection.RootPrefix,
        MaxKeys = KeysListed,
        OptionalObjectAttributes = ["RestoreStatus"],
        Encoding = EncodingType.Url,
        RequestPayer = Payer,
    };

    private GetObjectRequest GetRequest(string key, long size) => new()
    {
        BucketName = connection.BucketName,
        Key = key,
        ByteRange = size > 0 ? new ByteRange(0, 0) : null, // nothing is the first byte of an empty object
        RequestPayer = Payer,
    };

    private static Task<T> CallAsync<T>(AwsClients clients, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => clients.Calls.RunAsync(
            "Testing the connection", async c => await call((await clients.GetS3Async(c)).Client, c), cancellationToken);

    private ConnectionCheck Failed(ConnectionStep step, string tried, ServiceFailure failure, out string id)
    {
        var diagnosis = AccessDiagnosis.Explain(step, failure, connection);
        id = diagnosis.Id;
        return new(step, CheckOutcome.Failed, tried, diagnosis.Message, diagnosis.Hint, failure.Code, failure.RequestId);
    }
}
