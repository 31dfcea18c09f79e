using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Sources;

/// <summary>The objects of a bucket on S3 or a compatible server.</summary>
internal sealed class S3ObjectSource(S3Connection connection, AwsClients clients) : IObjectSource
{
    private const int KeysPeeked = 100;

    // A smaller object is read on one connection before more could help.
    private const long MinBytesOfParts = 4L * ReadAhead.PartBytes;

    private readonly BucketRequests _bucketRequests = new(connection);
    private readonly S3Requests _requests = new(connection);
    private SourceObject? _lastRead;

    public string Bucket => connection.BucketName;

    private RefusedRead Refused => new(connection, FindAsync, CanReadAsync, OthersAsync);

    public async IAsyncEnumerable<SourceObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pace = new ListingPace(Math.Min(connection.Connections, ConcurrentListing.MaxRequests), clients.Calls.Time);
        var listing = new ConcurrentListing(Bucket, prefix, pace, (query, c) => ListPageAsync(query, null, c, pace));
        string? last = null;
        await foreach (var page in listing.PagesAsync(cancellationToken))
        {
            // Objects are unpacked one by one, so that few of them are alive at a time.
            foreach (var found in Objects(page.Objects))
            {
                if (last is not null && KeyOrder.Instance.Compare(last, found.Key) >= 0)
                    throw SourceErrors.OutOfOrder(Bucket, last, found.Key);
                last = found.Key;
                yield return found;
            }
            page.Packed.Release();
        }
    }

    public async Task<IReadOnlyList<string>> PeekAsync(string prefix, bool nested, CancellationToken cancellationToken)
    {
        var page = await ListPageAsync(new(prefix, ByFolder: !nested), nested ? KeysPeeked : null, cancellationToken);
        return [.. page.Folders, .. page.Objects.Select(o => o.Key)];
    }

    public async Task<SourceObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        // Lists with the key as prefix and one result: an object that exists is that result. HEAD is not used: under a policy for a prefix it
        // answers 403 for a missing key.
        var page = await ListPageAsync(new(key), 1, cancellationToken);
        return Objects(page.Objects).FirstOrDefault(o => string.Equals(o.Key, key, StringComparison.Ordinal));
    }

    public ReadAhead Ahead { get; } = new(connection.Connections, clients.Calls.Time);

    public Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken) => OpenAsync(source, null, cancellationToken);

    public Task<Stream> OpenWholeAsync(SourceObject source, CancellationToken cancellationToken)
        => OpenAsync(source, source.Size > MinBytesOfParts ? Ahead : null, cancellationToken);

    public async Task<byte[]> ReadStartAsync(SourceObject source, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(count, source.Size)];
        await using var stream = new S3RangeStream(source, 0, bytes.Length, null, GetAsync, clients.Calls);
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    public ValueTask DisposeAsync()
    {
        clients.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<SourceObject> Objects(IEnumerable<ListedObject> listed)
    {
        var now = clients.Calls.Time.GetUtcNow();
        return listed.Select(o => _requests.Read(o, now));
    }

    private async Task<ListingPage> ListPageAsync(ListingQuery query, int? maxKeys, CancellationToken cancellationToken, ListingPace? pace = null)
    {
        try
        {
            return await clients.CallAsync($"Listing s3://{Bucket}/{query.Prefix}", ListOnceAsync, cancellationToken);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw ConnectionErrors.Failed(new(ConnectionStep.List, connection, $"s3://{Bucket}/{query.Prefix}"), ServiceFailure.From(e), e);
        }

        async Task<ListingPage> ListOnceAsync(S3Client client, CancellationToken c)
        {
            try
            {
                return await client.ListPageAsync(_bucketRequests.List(query.Prefix, maxKeys, query.Token, query.After, query.ByFolder ? "/" : null), c);
            }
            catch (AmazonS3Exception e) when (ServiceFailure.From(e).IsThrottle)
            {
                pace?.Reduce();
                throw;
            }
        }
    }

    private async Task<Stream> OpenAsync(SourceObject source, ReadAhead? ahead, CancellationToken cancellationToken)
    {
        ahead?.BeginReader();
        try
        {
            var response = await GetAsync(source, 0, source.Size, cancellationToken);
            var whole = new S3RangeStream(source, 0, source.Size, response, GetAsync, clients.Calls);
            return new S3ObjectStream(source, whole, ObjectChecksum.From(response), Range, ahead, clients.Calls.Time).RequestUsualParts();
        }
        catch
        {
            ahead?.EndReader();
            throw;
        }

        S3RangeStream Range(long from, long end) => new(source, from, end, null, GetAsync, clients.Calls);
    }

    private async Task<GetObjectResponse> GetAsync(SourceObject source, long from, long end, CancellationToken cancellationToken)
    {
        try
        {
            var response = await clients.CallAsync("Reading " + source.Uri, GetOnceAsync, cancellationToken);
            if (S3Requests.FindError(response, source, from, end) is not { } error)
            {
                _lastRead = source;
                return response;
            }
            response.Dispose();
            throw error;
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw await ExplainAsync(source, ServiceFailure.From(e), e, cancellationToken);
        }

        async Task<GetObjectResponse> GetOnceAsync(S3Client client, CancellationToken c)
        {
            try
            {
                return await client.GetAsync(_requests.Get(source, from, end), c);
            }
            catch (AmazonS3Exception e) when (ServiceFailure.From(e).IsThrottle)
            {
                Ahead.Reduce();
                throw;
            }
        }
    }

    private async Task<FeedException> ExplainAsync(SourceObject source, ServiceFailure failure, Exception e, CancellationToken cancellationToken)
        => failure switch
    {
        { Kind: FailureKind.Refused, Status: 412 or 416 } => SourceErrors.Changed(source, failure),
        { Code: "InvalidObjectState" } => SourceErrors.Archived(source, failure, e),
        _ when RefusedRead.Matches(failure) => await Refused.ExplainAsync(source, failure, e, cancellationToken),
        _ => ConnectionErrors.Failed(new(ConnectionStep.Read, connection, source.Uri), failure, e),
    };

    // Probe order: the last object read successfully, then keys after the denied one, then the first keys.
    private async IAsyncEnumerable<SourceObject> OthersAsync(SourceObject refused, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_lastRead is { } read)
            yield return read;
        foreach (var after in new[] { refused.Key, null })
        {
            var page = await ListPageAsync(new(connection.RootPrefix, After: after), RefusedRead.MaxTried, cancellationToken);
            foreach (var other in Objects(page.Objects))
                yield return other;
        }
    }

    private async Task<bool> CanReadAsync(SourceObject other, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await clients.CallAsync("Reading " + other.Uri,
                (client, c) => client.GetObjectAsync(_bucketRequests.FirstByte(other.Key, other.Size), c), cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            var failure = ServiceFailure.From(e);
            return failure is { Kind: FailureKind.Refused, IsTransient: false, IsAboutIdentity: false }
                ? false
                : throw ConnectionErrors.Failed(new(ConnectionStep.Read, connection, other.Uri), failure, e);
        }
    }
}
