using Amazon.S3.Model;
using PeakS3Feed.Aws;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>Opens a part of an object's listed version.</summary>
/// <param name="source">The version.</param>
/// <param name="from">The first byte.</param>
/// <param name="end">The byte after the last one.</param>
/// <param name="cancellationToken">Cancels the request.</param>
internal delegate Task<GetObjectResponse> OpenRange(SourceObject source, long from, long end, CancellationToken cancellationToken);

/// <summary>
/// Reads a part of one version of an object once, from start to end, on one connection. When the connection drops, stalls or ends early, another one
/// continues at the next byte; only consecutive attempts without a byte count as retries.
/// </summary>
/// <param name="source">The version.</param>
/// <param name="from">The first byte.</param>
/// <param name="end">The byte after the last one.</param>
/// <param name="first">The response to the first request; null to make it with the first read.</param>
/// <param name="open">Makes a request.</param>
/// <param name="calls">Retries, and the limit of silence.</param>
internal sealed class S3RangeStream(
    SourceObject source, long from, long end, GetObjectResponse? first, OpenRange open, ServiceCalls calls) : ForwardStream
{
    private readonly string _what = "Reading " + source.Uri;
    private GetObjectResponse? _response = first;
    private CancellationTokenSource? _silence;
    private readonly long _from = from;
    private long _position = from;
    private bool _disposed;

    public override long Length => end - _from;

    public override long Position
    {
        get => _position - _from;
        set => throw new NotSupportedException();
    }

    /// <summary>Makes the request if it has not been made, so that bytes come before they are read.</summary>
    public async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        _response ??= await open(source, _position, end, cancellationToken);
        return this;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position == end || buffer.Length == 0) return 0;
        try
        {
            return await calls.ReadAsync(_what, static (c, s) => s.Stream.TryReadAsync(s.Buffer, c), (Stream: this, Buffer: buffer),
                cancellationToken);
        }
        catch (ConnectionDroppedException e)
        {
            throw SourceErrors.KeepsDropping(source, _position, e.InnerException!);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed = true;
            CloseResponse();
            _silence?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> TryReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            _response ??= await open(source, _position, end, cancellationToken);
            var read = await ReadOnceAsync(_response.ResponseStream, buffer, cancellationToken);
            if (read == 0) throw new EndOfStreamException($"The body ended at byte {_position} of {source.Size}.");
            if (read > end - _position) throw SourceErrors.Changed(source);
            _position += read;
            return read;
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            CloseResponse();
            throw new ConnectionDroppedException(_position, e);
        }
    }

    private async ValueTask<int> ReadOnceAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_silence is null or { IsCancellationRequested: true })
        {
            _silence?.Dispose();
            _silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, calls.Time);
        }

        await using var registration = cancellationToken.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _silence);
        _silence.CancelAfter(calls.Budget.Silence);
        var read = await body.ReadAsync(buffer, _silence.Token);
        _silence.CancelAfter(Timeout.InfiniteTimeSpan); // no limit while the caller processes the bytes
        return read;
    }

    private void CloseResponse()
    {
        _response?.Dispose();
        _response = null;
    }
}
