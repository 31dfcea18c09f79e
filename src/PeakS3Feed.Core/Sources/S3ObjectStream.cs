using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>
/// Reads one version of an object once, from start to end. It begins with one connection. Where the reader waits for the network, further
/// connections read the next parts of the object, as many as <see cref="ReadAhead"/> allows; the first connection ends where the first part begins.
/// If S3 has a checksum of the object, the last bytes are returned only after the whole object matches it.
/// </summary>
/// <param name="source">The version.</param>
/// <param name="whole">Reads all of it.</param>
/// <param name="checksum">The object's checksum, or null.</param>
/// <param name="open">Returns a stream of the bytes from one position to another.</param>
/// <param name="ahead">Connections and memory for the parts; null to read on one connection.</param>
/// <param name="time">Measures how long the reader waits.</param>
internal sealed class S3ObjectStream(
    SourceObject source, Stream whole, ObjectChecksum? checksum, Func<long, long, S3RangeStream> open, ReadAhead? ahead, TimeProvider time)
    : ForwardStream
{
    // How much is read on one connection before it is known whether the reader waits for the network.
    private const int SampleBytes = 1024 * 1024;

    // The network is too slow when the reader waits for more than this share of the time.
    private const int WaitsOneIn = 3;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<Part> _parts = new();
    private Stream? _whole = whole;
    private Part? _current;
    private AheadStream? _last;
    private long _position;
    private int _window = 2;
    private int _unwaited;
    private long _nextPart;
    private long _sampled;
    private long _sampleBegan = time.GetTimestamp();
    private TimeSpan _waited;
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
        if (_position == source.Size || buffer.Length == 0) return 0;
        if (_current is null && _parts.TryPeek(out var part) && part.From == _position) await BeginPartAsync(part, cancellationToken);
        var read = _current is { } current
            ? await ReadPartAsync(current, buffer, cancellationToken)
            : await ReadWholeAsync(buffer, cancellationToken);
        _position += read;
        Check(buffer.Span[..read]);
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        var parts = StopParts();
        await base.DisposeAsync();
        foreach (var part in parts) await part.Stream.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            var parts = StopParts();
            _disposed = true;
            _whole?.Dispose();
            checksum?.Dispose();
            ahead?.EndReader();
            foreach (var part in parts) part.Stream.Dispose();
            _stopping.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask BeginPartAsync(Part part, CancellationToken cancellationToken)
    {
        if (_whole is { } finished)
        {
            _whole = null;
            await finished.DisposeAsync();
        }

        if (part.Stream.IsOnItsWay)
        {
            (_window, _unwaited) = (_window * 2, 0);
            ahead!.Grow();
        }
        else if (++_unwaited > 2 * _window)
        {
            (_window, _unwaited) = (Math.Max(2, _window - 1), 0);
        }

        _window = Math.Min(_window, ahead!.PartsOfReader);
        StartParts();
        await part.Stream.BeginAsync().WaitAsync(cancellationToken);
        _parts.Dequeue();
        _current = part;
    }

    private async ValueTask<int> ReadPartAsync(Part part, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var left = part.From + part.Stream.Length - _position;
        var read = await part.Stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
        if (read < left) return read;
        _current = null;
        await part.Stream.DisposeAsync();
        StartParts();
        return read;
    }

    private async ValueTask<int> ReadWholeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var end = _parts.TryPeek(out var part) ? part.From : source.Size;
        _whole ??= open(_position, source.Size);
        var began = time.GetTimestamp();
        var read = await _whole.ReadAsync(buffer[..(int)Math.Min(buffer.Length, end - _position)], cancellationToken);
        if (ahead is null) return read;
        _waited += time.GetElapsedTime(began);
        _sampled += read;
        if (_sampled < SampleBytes) return read;
        if (_parts.Count == 0 && _waited * WaitsOneIn > time.GetElapsedTime(_sampleBegan))
        {
            // Until the first part is here, this connection goes on.
            _nextPart = _position + read + ReadAhead.PartBytes;
            StartParts();
        }

        (_sampled, _waited, _sampleBegan) = (0, TimeSpan.Zero, time.GetTimestamp());
        return read;
    }

    private void StartParts()
    {
        while (_parts.Count < _window && _nextPart < source.Size && ahead!.TryTake(ReadAhead.PartBytes, out _))
        {
            var (from, length) = (_nextPart, (int)Math.Min(ReadAhead.PartBytes, source.Size - _nextPart));
            _last = new(ahead, length, c => open(from, from + length).OpenAsync(c), _last?.HasMemory, _stopping.Token);
            _parts.Enqueue(new(from, _last));
            _nextPart += length;
        }

        // All parts are read, so one connection goes on.
        if (_parts.Count == 0 && _current is null && _whole is null) _nextPart = source.Size;
    }

    private List<Part> StopParts()
    {
        if (_disposed) return [];
        _stopping.Cancel();
        List<Part> parts = [.. _parts];
        if (_current is { } current) parts.Add(current);
        _parts.Clear();
        _current = null;
        return parts;
    }

    private void Check(ReadOnlySpan<byte> read)
    {
        if (checksum is null) return;
        checksum.Append(read);
        if (_position == source.Size && checksum.Current() is var found && !string.Equals(found, checksum.Expected, StringComparison.Ordinal))
            throw SourceErrors.ChecksumMismatch(source, checksum.Algorithm, checksum.Expected, found);
    }

    /// <summary>A part that is read ahead.</summary>
    /// <param name="From">Its first byte.</param>
    /// <param name="Stream">Its bytes.</param>
    private sealed record Part(long From, AheadStream Stream);
}
