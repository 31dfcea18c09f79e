using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>Reads and writes objects of a bucket, each by one request.</summary>
/// <param name="connection">The connection.</param>
/// <param name="calls">Makes the requests.</param>
/// <param name="kmsKeyArn">The ARN of the KMS key for what is written; null for the bucket's own default.</param>
internal sealed class S3StagedObjects(S3Connection connection, StagingCalls calls, string? kmsKeyArn)
{
    /// <summary>The encryption of what is written; null for the bucket's own default.</summary>
    public ServerSideEncryptionMethod? Encryption => kmsKeyArn is null ? null : ServerSideEncryptionMethod.AWSKMS;

    /// <summary>The ARN of the KMS key for what is written; null for the bucket's own default.</summary>
    public string? KmsKeyArn => kmsKeyArn;

    /// <summary>The address of an object.</summary>
    public string GetUri(string key) => $"s3://{connection.BucketName}/{key}";

    /// <summary>Writes an object.</summary>
    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        => PutAsync(key, content, ifNone: false, cancellationToken);

    /// <summary>Writes an object if there is none with its key. Returns false if there is one, which a repeated request may have written.</summary>
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        => PutAsync(key, content, ifNone: true, cancellationToken);

    /// <summary>Reads a whole object. Returns null if there is none.</summary>
    public Task<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => calls.RunAsync(
        StagingAction.Read, "Reading " + GetUri(key), GetUri(key),
        async (client, c) =>
        {
            try
            {
                using var response = await client.GetAsync(CreateGet(key), c);
                var content = new byte[response.ContentLength];
                await calls.ReadAsync(response.ResponseStream, content, c);
                return content;
            }
            catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchKey")
            {
                return null;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden && !ServiceFailure.From(e).IsAboutIdentity)
            {
                // To those who may list only some prefixes, S3 answers that reading an object is denied where there is none.
                if (await FindSizeAsync(client, key, c) is null)
                    return null;
                throw;
            }
        },
        cancellationToken);

    /// <summary>Reads bytes of an object from an offset. Returns their number, which is less than asked for only at the end of the object.</summary>
    public async Task<int> ReadAtAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (buffer.IsEmpty)
            return 0;
        return await calls.RunAsync(
            StagingAction.Read, "Reading " + GetUri(key), GetUri(key),
            async (client, c) =>
            {
                var request = CreateGet(key);
                request.ByteRange = new ByteRange(offset, offset + buffer.Length - 1);
                try
                {
                    using var response = await client.GetAsync(request, c);
                    var length = checked((int)response.ContentLength);
                    // More bytes than asked for come from a server or a proxy that does not know ranges.
                    if (length > buffer.Length || (response.HttpStatusCode != HttpStatusCode.PartialContent && offset > 0))
                        throw new UnexpectedResponseException();
                    await calls.ReadAsync(response.ResponseStream, buffer[..length], c);
                    return length;
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return 0;
                }
            },
            cancellationToken);
    }

    /// <summary>Returns the size of an object, or null if there is none.</summary>
    public Task<long?> FindSizeAsync(string key, CancellationToken cancellationToken) => calls.RunAsync(
        StagingAction.List, "Looking for " + GetUri(key), GetUri(key), (client, c) => FindSizeAsync(client, key, c), cancellationToken);

    /// <summary>
    /// Returns the response of a write. A success without what S3 always answers comes from another server, such as the sign-in page of a network:
    /// nothing was written.
    /// </summary>
    public static T Check<T>(T response, Func<T, string?> get)
        => string.IsNullOrEmpty(get(response)) ? throw new UnexpectedResponseException() : response;

    // Content-MD5 is the one check of transferred bytes that every S3 server makes (S3 API reference, PutObject and UploadPart). It is no signature.
#pragma warning disable CA5351
    /// <summary>Returns the value of Content-MD5 for some bytes.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(MD5.HashData(bytes));
#pragma warning restore CA5351

    private Task<bool> PutAsync(string key, ReadOnlyMemory<byte> content, bool ifNone, CancellationToken cancellationToken)
    {
        var digest = Digest(content.Span);
        return calls.RunAsync(
            StagingAction.Write, "Uploading " + GetUri(key), GetUri(key),
            async (client, c) =>
            {
                await using var body = Wrap(content);
                var request = new PutObjectRequest
                {
                    BucketName = connection.BucketName, Key = key, InputStream = body, MD5Digest = digest, UseChunkEncoding = false,
                    IfNoneMatch = ifNone ? "*" : null, ServerSideEncryptionMethod = Encryption,
                    ServerSideEncryptionKeyManagementServiceKeyId = KmsKeyArn, RequestPayer = BucketRequests.GetPayer(connection),
                };
                try
                {
                    Check(await client.PutObjectAsync(request, c), r => r.ETag);
                    return true;
                }
                catch (AmazonS3Exception e) when (ifNone && e.StatusCode == HttpStatusCode.PreconditionFailed)
                {
                    return false;
                }
            },
            cancellationToken);
    }

    private static MemoryStream Wrap(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out var array)
        ? new(array.Array!, array.Offset, array.Count, writable: false)
        : new(content.ToArray(), writable: false);

    private async Task<long?> FindSizeAsync(S3Client client, string key, CancellationToken cancellationToken)
    {
        var page = await client.ListPageAsync(new BucketRequests(connection).List(key, maxKeys: 1), cancellationToken);
        return page.Objects.Where(o => string.Equals(o.Key, key, StringComparison.Ordinal)).Select(o => (long?)o.Size).SingleOrDefault();
    }

    private GetObjectRequest CreateGet(string key) => new()
    {
        BucketName = connection.BucketName, Key = key, RequestPayer = BucketRequests.GetPayer(connection),
    };
}
