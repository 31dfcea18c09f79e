using Amazon.S3.Model;
using PeakS3Feed.Aws;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>
/// One version of one object, read once from start to end. When a connection drops, falls silent or ends early, another one goes on from the byte
/// reached; only attempts in a row without a byte are counted. Where S3 has a checksum of the object, the last bytes are handed out only after the
/// whole object fits it.
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
            Hangup();
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
            Hangup();
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
        _silence.CancelAfter(Timeout.InfiniteTimeSpan); // the consumer may take its time
        return read;
    }

    private void Hangup()
    {
        _response?.Dispose();
        _response = null;
    }
}
