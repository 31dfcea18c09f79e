using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>A prefix of a bucket.</summary>
internal sealed class S3StagingArea : IStagingArea
{
    // The limit of DeleteObjects (S3 API reference).
    private const int MaxDeleted = 1000;

    private readonly S3Connection _connection;
    private readonly string _prefix;
    private readonly ILogger _logger;
    private readonly AwsClients? _owned;
    private readonly BucketRequests _requests;
    private readonly StagingCalls _calls;
    private readonly S3StagedObjects _objects;

    /// <summary>Opens the area. Makes no request yet.</summary>
    /// <param name="connection">A connection that may write, list and delete below the prefix.</param>
    /// <param name="prefix">The prefix: empty, or ending with <c>/</c>.</param>
    /// <param name="clients">The connection's clients; owned.</param>
    /// <param name="logger">Logs uploads that could not be aborted.</param>
    /// <param name="destination">The name of the destination that writes the files, for messages.</param>
    /// <param name="options">How files are written; null for the defaults.</param>
    public S3StagingArea(
        S3Connection connection, string prefix, AwsClients clients, ILogger logger, string destination, StagingOptions? options = null)
    {
        (_connection, _prefix, _owned, _logger) = (connection, prefix, clients, logger);
        _requests = new(connection);
        _calls = new(connection, prefix, clients, destination, options?.IsTable == true);
        _objects = new(connection, _calls, options?.KmsKeyArn);
    }

    // Its messages suggest permissions for the prefix of the whole area.
    private S3StagingArea(S3StagingArea parent, string folder)
    {
        (_connection, _prefix, _logger) = (parent._connection, parent._prefix + folder, parent._logger);
        (_requests, _calls, _objects) = (parent._requests, parent._calls, parent._objects);
    }

    public string Location => $"s3://{_connection.BucketName}/{_prefix}";

    public string? Region => _connection.IsOnAmazon ? _connection.Region : null;

    public string GetUri(string name) => Location + name;

    public IStagedFileWriter Create(string name) => new S3StagedFileWriter(_connection, _prefix + name, _objects, _calls, _logger);

    public async Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = _connection.BucketName, Key = _prefix + name, RequestPayer = BucketRequests.GetPayer(_connection),
        };
        var uri = GetUri(name);
        var response = await _calls.RunAsync(
            StagingAction.Read, "Reading " + uri, uri, (client, c) => client.GetAsync(request, c), cancellationToken);
        return _calls.Guard(response.ResponseStream, uri);
    }

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        => _objects.TryCreateAsync(_prefix + name, content, cancellationToken);

    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        => _objects.PutAsync(_prefix + name, content, cancellationToken);

    public Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken) => _objects.FindAsync(_prefix + name, cancellationToken);

    public Task<int> ReadAtAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => _objects.ReadAtAsync(_prefix + name, offset, buffer, cancellationToken);

    // S3 lists in the order of the bytes of UTF-8 (S3 API reference, ListObjectsV2).
    public IAsyncEnumerable<StagedFile> ListAsync(string prefix, CancellationToken cancellationToken)
        => ListAfterAsync(prefix, "", cancellationToken);

    public async IAsyncEnumerable<StagedFile> ListAfterAsync(
        string prefix, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var request = _requests.List(
                _prefix + prefix, continuationToken: next, after: next is null && after.Length > 0 ? _prefix + after : null);
            var page = await _calls.RunAsync(
                StagingAction.List, $"Listing {Location}{prefix}", Location + prefix, (client, c) => client.ListPageAsync(request, c),
                cancellationToken);
            foreach (var found in page.Objects)
                yield return new StagedFile(found.Key[_prefix.Length..], found.Size, found.LastModified);
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
                BucketName = _connection.BucketName,
                Objects = [.. some.Select(n => new KeyVersion { Key = _prefix + n })],
                Quiet = true,
                RequestPayer = BucketRequests.GetPayer(_connection),
            };
            await _calls.RunAsync(
                StagingAction.Delete, $"Deleting {some.Length} files of {Location}", $"files of {Location}",
                (client, c) => client.DeleteObjectsAsync(request, c), cancellationToken);
        }
    }

    public IStagingArea Below(string folder)
        => folder.EndsWith('/') ? new S3StagingArea(this, folder) : throw new ArgumentException("A folder ends with a slash.", nameof(folder));

    public ValueTask DisposeAsync()
    {
        _owned?.Dispose();
        return ValueTask.CompletedTask;
    }
}
