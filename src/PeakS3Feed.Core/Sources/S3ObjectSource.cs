using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Sources;

/// <summary>The objects of a bucket on S3 or a server like it.</summary>
internal sealed class S3ObjectSource(S3Connection connection, AwsClients clients) : IObjectSource
{
    private readonly S3Requests _requests = new(connection);

    public string Bucket => connection.BucketName;

    public async IAsyncEnumerable<SourceObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ListObjectsV2Response>? next = ListPageAsync(prefix, null, null, stop.Token);
        string? last = null;
        try
        {
            while (next is not null)
            {
                var page = await next;

                // The next page is on its way while this one is used.
                next = page.IsTruncated == true ? ListPageAsync(prefix, null, page.NextContinuationToken, stop.Token) : null;
                foreach (var found in Objects(page))
                {
                    if (last is not null && KeyOrder.Instance.Compare(last, found.Key) >= 0)
                        throw SourceErrors.OutOfOrder(Bucket, last, found.Key);
                    last = found.Key;
                    yield return found;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            if (next is not null)
                await next.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    public async Task<SourceObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        // A key is the first one that begins with itself. HEAD would need more than the policy for a prefix gives.
        var page = await ListPageAsync(key, 1, null, cancellationToken);
        return Objects(page).FirstOrDefault(o => string.Equals(o.Key, key, StringComparison.Ordinal));
    }

    public async Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken)
    {
        var response = await GetAsync(source, 0, cancellationToken);
        return new S3ObjectStream(source, response, GetAsync, clients.Calls);
    }

    public ValueTask DisposeAsync()
    {
        clients.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<SourceObject> Objects(ListObjectsV2Response page)
    {
        var encoded = page.Encoding == EncodingType.Url;
        var now = clients.Calls.Time.GetUtcNow();
        return (page.S3Objects ?? []).Select(o => _requests.Read(o, encoded, now));
    }

    private async Task<ListObjectsV2Response> ListPageAsync(string prefix, int? maxKeys, string? continuationToken, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                $"Listing s3://{Bucket}/{prefix}", (client, c) => client.ListObjectsV2Async(_requests.List(prefix, maxKeys, continuationToken), c), cancellationToken);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw ConnectionErrors.Failed(ConnectionStep.List, ServiceFailure.From(e), connection, e);
        }
    }

    private async Task<GetObjectResponse> GetAsync(SourceObject source, long from, CancellationToken cancellationToken)
    {
        try
        {
            var response = await CallAsync("Reading " + source.Uri, (client, c) => client.GetObjectAsync(_requests.Get(source, from), c), cancellationToken);
            if (S3Requests.WhyNot(response, source, from) is not { } reason)
                return response;
            response.Dispose();
            throw reason;
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw await ExplainAsync(source, ServiceFailure.From(e), e, cancellationToken);
        }
    }

    /// <summary>One call, with pauses and repeats, and once more with another session where its own was over.</summary>
    private Task<T> CallAsync<T>(string what, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => clients.Calls.RunAsync(
            what,
            async c =>
            {
                var session = await clients.GetS3Async(c);
                try
                {
                    return await call(session.Client, c);
                }
                catch (AmazonS3Exception e) when (session.IsTemporary && ServiceFailure.From(e).IsSessionOver)
                {
                    clients.Forget(session);
                    var renewed = await clients.GetS3Async(c);
                    return await call(renewed.Client, c);
                }
            },
            cancellationToken);

    private async Task<FeedException> ExplainAsync(SourceObject source, ServiceFailure failure, Exception e, CancellationToken cancellationToken)
    {
        switch (failure)
        {
            case { Kind: FailureKind.Refused, Status: 412 or 416 }:
                return SourceErrors.Changed(source, failure);
            case { Code: "InvalidObjectState" }:
                return SourceErrors.Archived(source, failure, e);
            case { Kind: FailureKind.Refused, Status: 403 or 404, IsAboutIdentity: false, Code: not "NoSuchBucket" }:
                return await VanishedOrDeniedAsync(source, failure, e, cancellationToken);
            default:
                return ConnectionErrors.Failed(ConnectionStep.Read, failure, connection, e);
        }
    }

    /// <summary>Without leave to list the whole bucket, S3 says "denied" of a key that is gone, so the listing is asked again.</summary>
    private async Task<FeedException> VanishedOrDeniedAsync(SourceObject source, ServiceFailure failure, Exception e, CancellationToken cancellationToken)
    {
        SourceObject? now;
        try
        {
            now = await FindAsync(source.Key, cancellationToken);
        }
        catch (FeedException)
        {
            return SourceErrors.Denied(source, connection, failure, e);
        }
        if (now is null)
            return SourceErrors.Vanished(source, failure);
        return string.Equals(now.ETag, source.ETag, StringComparison.Ordinal) ? SourceErrors.Denied(source, connection, failure, e) : SourceErrors.Changed(source, failure);
    }
}
