using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>
/// Reads one version of an object once, from start to end. It begins with one connection. Where the reader waits for the network, further
/// connections read the next parts of the object, as many as <see cref="ReadAhead"/> allows; the first connection ends where the first part begins.
/// Objects opened after that one request their first parts before the reader comes, and take memory for them when it does.
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
    private const int WaitsOneIn = 6;

    // S3 sends about this much on one connection before it answers the next request.
    private const int BytesBeforeFirstPart = 2 * ReadAhead.PartBytes;

    private const int MinWindow = 4;
    private const int MaxPartsBeforeReader = 8;

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _readerCame = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<Part> _parts = new();
    private Stream? _whole = whole;
    private Part? _current;
    private AheadStream? _last;
    private long _position;
    private int _window = MinWindow;
    private int _unwaited;
    private long _nextPart;
    private long _sampled;
    private long _sampleBegan = time.GetTimestamp();
    private TimeSpan _waited;
    private bool _hasWaited;
    private bool _disposed;

    public override long Length => source.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Requests parts before the reader comes, if readers of other objects waited for the network.</summary>
    public S3ObjectStream RequestUsualParts()
    {
        if (ahead is not { UsualParts: > 0 and var usual }) return this;
        _window = Math.Min(usual, ahead.PartsOfReader);
        _nextPart = ReadAhead.PartBytes; // the first connection reads what is before it
        StartParts(Math.Min(_window, MaxPartsBeforeReader));
        return this;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position == source.Size || buffer.Length == 0) return 0;
        if (_position == 0) BeginReading();
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
            if (!_hasWaited && _position == source.Size) ahead?.NeedFewer();
            ahead?.EndReader();
            foreach (var part in parts) part.Stream.Dispose();
            _stopping.Dispose();
        }

        base.Dispose(disposing);
    }

    private void BeginReading()
    {
        _sampleBegan = time.GetTimestamp();
        _readerCame.TrySetResult();
        if (_parts.Count > 0) StartParts(_window);
    }

    private async ValueTask BeginPartAsync(Part part, CancellationToken cancellationToken)
    {
        if (_whole is { } finished)
        {
            _whole = null;
            await finished.DisposeAsync();
        }

        Adapt(part.Stream.IsOnItsWay);
        StartParts(_window);
        await part.Stream.BeginAsync().WaitAsync(cancellationToken);
        _parts.Dequeue();
        _current = part;
    }

    private void Adapt(bool waits)
    {
        if (waits)
        {
            (_window, _unwaited, _hasWaited) = (Math.Min(2 * _window, ahead!.PartsOfReader), 0, true);
            ahead.Need(_window);
            ahead.Grow();
        }
        else if (++_unwaited > 2 * _window)
        {
            (_window, _unwaited) = (Math.Max(MinWindow, _window - 1), 0);
        }
    }

    private async ValueTask<int> ReadPartAsync(Part part, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var left = part.From + part.Stream.Length - _position;
        var read = await part.Stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
        if (read < left) return read;
        _current = null;
        await part.Stream.DisposeAsync();
        StartParts(_window);
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
            _nextPart = _position + read + BytesBeforeFirstPart;
            StartParts(_window);
        }

        (_sampled, _waited, _sampleBegan) = (0, TimeSpan.Zero, time.GetTimestamp());
        return read;
    }

    private void StartParts(int count)
    {
        // A request needs no memory: without any, the reader reads from its connection.
        while (_parts.Count < count && _nextPart < source.Size && ahead!.TryTake())
        {
            var (from, length) = (_nextPart, (int)Math.Min(ReadAhead.PartBytes, source.Size - _nextPart));
            _last = new(ahead, length, c => open(from, from + length).OpenAsync(c), _last?.HasMemory ?? _readerCame.Task, _stopping.Token);
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
