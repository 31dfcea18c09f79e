using Amazon.S3.Model;
using PeakS3Feed.Aws;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>
/// Reads one version of an object once, from start to end. When a connection drops, stalls or ends early, another one continues at the next byte;
/// only consecutive attempts without a byte count as retries. If S3 has a checksum of the object, the last bytes are returned only after the whole
/// object matches it.
/// </summary>
internal sealed class S3ObjectStream(
    SourceObject source, GetObjectResponse first, Func<SourceObject, long, CancellationToken, Task<GetObjectResponse>> open,
    ServiceCalls calls) : ForwardStream
{
    private readonly string _what = "Reading " + source.Uri;
    private readonly ObjectChecksum? _checksum = ObjectChecksum.From(first);
    private GetObjectResponse? _response = first;
    private CancellationTokenSource? _silence;
    private long _position;
    private bool _disposed;

    public override long Length => source.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position == source.Size || buffer.Length == 0)
            return 0;
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
            _checksum?.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> read)
    {
        if (_checksum is null)
            return;
        _checksum.Append(read);
        if (_position == source.Size && _checksum.Current() is var found && !string.Equals(found, _checksum.Expected, StringComparison.Ordinal))
            throw SourceErrors.ChecksumMismatch(source, _checksum.Algorithm, _checksum.Expected, found);
    }

    private async ValueTask<int> TryReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            _response ??= await open(source, _position, cancellationToken);
            var read = await ReadOnceAsync(_response.ResponseStream, buffer, cancellationToken);
            if (read == 0)
                throw new EndOfStreamException($"The body ended at byte {_position} of {source.Size}.");
            if (read > source.Size - _position)
                throw SourceErrors.Changed(source);
            _position += read;
            Check(buffer.Span[..read]);
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
