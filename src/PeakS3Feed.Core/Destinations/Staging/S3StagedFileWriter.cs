using System.Buffers;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// Uploads one object: by one request if it has at most 8 MiB, otherwise as a multipart upload of 8 MiB pieces, each of which is sent while the next
/// one is filled. Holds at most 16 MiB.
/// </summary>
internal sealed class S3StagedFileWriter(S3Connection connection, string key, S3StagedObjects objects, StagingCalls calls, ILogger logger)
    : IStagedFileWriter
{
    private const int PieceBytes = 8 * 1024 * 1024;

    private readonly List<PartETag> _pieces = [];
    private byte[] _filling = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private byte[]? _spare;
    private Task _sending = Task.CompletedTask;
    private string? _uploadId;
    private int _length;
    private long _sent;
    private bool _completed;

    private string Uri => objects.GetUri(key);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            if (_length == PieceBytes)
                await SendFilledAsync(cancellationToken);
            var some = bytes[..Math.Min(bytes.Length, PieceBytes - _length)];
            some.CopyTo(_filling.AsMemory(_length));
            _length += some.Length;
            bytes = bytes[some.Length..];
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_uploadId is null)
        {
            await objects.PutAsync(key, _filling.AsMemory(0, _length), cancellationToken);
        }
        else
        {
            if (_length > 0)
                await SendFilledAsync(cancellationToken);
            await _sending;
            await CompleteUploadAsync(cancellationToken);
        }
        _completed = true;
    }

    /// <summary>Aborts the upload unless it is complete, so that the bucket keeps no pieces that cost money.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ArrayPool<byte>.Shared.Return(_filling);
        if (_spare is not null)
            ArrayPool<byte>.Shared.Return(_spare);
        (_filling, _spare) = ([], null);
        if (_completed || _uploadId is null)
            return;
        var request = new AbortMultipartUploadRequest { BucketName = connection.BucketName, Key = key, UploadId = _uploadId };
        _completed = true;
        try
        {
            await CallAsync("Aborting the upload of " + Uri, (client, c) => client.AbortMultipartUploadAsync(request, c), CancellationToken.None);
        }
        catch (Exception e)
        {
            // The error that led here matters more.
            logger.LogWarning(
                "The upload {UploadId} of {Uri} could not be aborted; its pieces cost money until it is: {Reason}", _uploadId, Uri, e.Message);
        }
    }

    private async Task SendFilledAsync(CancellationToken cancellationToken)
    {
        _uploadId ??= await BeginUploadAsync(cancellationToken);
        await _sending;
        var (piece, length, number) = (_filling, _length, _pieces.Count + 1);
        (_filling, _spare) = (_spare ?? ArrayPool<byte>.Shared.Rent(PieceBytes), piece);
        (_sent, _length) = (_sent + length, 0);
        _sending = SendAsync(piece, length, number, cancellationToken);
    }

    private async Task SendAsync(byte[] piece, int length, int number, CancellationToken cancellationToken)
    {
        var digest = S3StagedObjects.Digest(piece.AsSpan(0, length));
        var response = await CallAsync(
            $"Uploading piece {number} of {Uri}",
            async (client, c) => S3StagedObjects.Check(await client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = connection.BucketName, Key = key, UploadId = _uploadId, PartNumber = number,
                    InputStream = new MemoryStream(piece, 0, length, writable: false), PartSize = length, MD5Digest = digest,
                    UseChunkEncoding = false,
                    RequestPayer = BucketRequests.GetPayer(connection),
                }, c), r => r.ETag),
            cancellationToken);
        _pieces.Add(new PartETag(number, response.ETag));
    }

    private async Task<string> BeginUploadAsync(CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = connection.BucketName, Key = key, ServerSideEncryptionMethod = objects.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = objects.KmsKeyArn, RequestPayer = BucketRequests.GetPayer(connection),
        };
        var begun = await CallAsync(
            "Beginning the upload of " + Uri,
            async (client, c) => S3StagedObjects.Check(await client.InitiateMultipartUploadAsync(request, c), r => r.UploadId),
            cancellationToken);
        return begun.UploadId;
    }

    private async Task CompleteUploadAsync(CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = connection.BucketName, Key = key, UploadId = _uploadId, PartETags = _pieces,
            RequestPayer = BucketRequests.GetPayer(connection),
        };
        try
        {
            // Ceph's answer for an encrypted file names neither key nor tag, so nothing of the answer can be checked.
            await CallAsync(
                "Completing the upload of " + Uri, (client, c) => client.CompleteMultipartUploadAsync(request, c), cancellationToken);
        }
        catch (FeedException e) when (e.ServiceCode == "NoSuchUpload")
        {
            // A retry after a lost answer: the upload is complete if the object is there. No other file ever has this name.
            if (await objects.FindSizeAsync(key, cancellationToken) != _sent)
                throw;
        }
    }

    private Task<T> CallAsync<T>(string what, Func<S3Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        => calls.RunAsync(StagingAction.Write, what, Uri, call, cancellationToken);
}
