using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>A prefix of a bucket.</summary>
/// <param name="connection">A connection that may write, list and delete below the prefix.</param>
/// <param name="prefix">The prefix: empty, or ending with <c>/</c>.</param>
/// <param name="clients">The connection's clients; owned.</param>
/// <param name="logger">Logs uploads that could not be aborted.</param>
/// <param name="destination">The name of the destination that stages files, for messages.</param>
internal sealed class S3StagingArea(S3Connection connection, string prefix, AwsClients clients, ILogger logger, string destination) : IStagingArea
{
    // The limit of DeleteObjects (S3 API reference).
    private const int MaxDeleted = 1000;

    private readonly BucketRequests _requests = new(connection);
    private readonly StagingCalls _calls = new(connection, prefix, clients, destination);

    public string Location => $"s3://{connection.BucketName}/{prefix}";

    public string? Region => connection.IsOnAmazon ? connection.Region : null;

    public string GetUri(string name) => Location + name;

    public IStagedFileWriter Create(string name) => new S3StagedFileWriter(connection, prefix + name, _calls, logger);

    public async Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = connection.BucketName, Key = prefix + name, RequestPayer = BucketRequests.GetPayer(connection),
        };
        var uri = GetUri(name);
        var response = await _calls.RunAsync(
            StagingAction.Read, "Reading " + uri, uri, (client, c) => client.GetAsync(request, c), cancellationToken);
        return _calls.Guard(response.ResponseStream, uri);
    }

    public async IAsyncEnumerable<StagedFile> ListAsync(string namePrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var request = _requests.List(prefix + namePrefix, continuationToken: next);
            var page = await _calls.RunAsync(
                StagingAction.List, $"Listing {Location}{namePrefix}", Location + namePrefix, (client, c) => client.ListPageAsync(request, c),
                cancellationToken);
            foreach (var found in page.Objects)
                yield return new StagedFile(found.Key[prefix.Length..], found.Size, found.LastModified);
            next = page.Next;
        }
        while (next is not null);
    }

    public async Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var some in names.Chunk(MaxDeleted))
        {
            var request = new DeleteObjectsRequest
            {
                BucketName = connection.BucketName,
                Objects = [.. some.Select(n => new KeyVersion { Key = prefix + n })],
                Quiet = true,
                RequestPayer = BucketRequests.GetPayer(connection),
            };
            await _calls.RunAsync(
                StagingAction.Delete, $"Deleting {some.Length} files of {Location}", $"files of {Location}",
                (client, c) => client.DeleteObjectsAsync(request, c), cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        clients.Dispose();
        return ValueTask.CompletedTask;
    }
}
