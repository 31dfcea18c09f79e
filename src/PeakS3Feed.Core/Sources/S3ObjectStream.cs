using Amazon.S3.Model;
using PeakS3Feed.Aws;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>
/// One version of one object, for one pass. A connection that drops, falls silent or ends early is followed by another
/// one from the byte reached; only attempts in a row that bring no byte are counted. Where S3 keeps a checksum of the object, the
/// last bytes are given away only when the whole of it fits.
/// </summary>
internal sealed class S3ObjectStream(
    SourceObject source, GetObjectResponse first, Func<SourceObject, long, CancellationToken, Task<GetObjectResponse>> open, ServiceCalls calls) : ForwardStream
{
    private readonly ObjectChecksum? _checksum = ObjectChecksum.Of(first);
    private GetObjectResponse? _response = first;
    private CancellationTokenSource? _silence;
    private long _position;
    private int _drops;
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
        while (_position < source.Size && buffer.Length > 0)
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
                _drops = 0;
                Check(buffer.Span[..read]);
                return read;
            }
            catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
            {
                await PauseAsync(e, cancellationToken);
            }
        }
        return 0;
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

    private async Task PauseAsync(Exception e, CancellationToken cancellationToken)
    {
        Hangup();
        var budget = calls.Budget;
        if (++_drops > budget.Retries + 1)
            throw SourceErrors.KeepsDropping(source, _position, e);
        var pause = _drops == 1 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(budget.LongestPause.Ticks, budget.FirstPause.Ticks << Math.Min(_drops - 2, 20)));
        calls.Report("Reading " + source.Uri, $"the connection dropped at byte {_position}", _drops, pause);
        await Task.Delay(pause, calls.Time, cancellationToken);
    }

    private void Hangup()
    {
        _response?.Dispose();
        _response = null;
    }
}
