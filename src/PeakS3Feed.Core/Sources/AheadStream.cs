using PeakS3Feed.Files;

namespace PeakS3Feed.Sources;

/// <summary>
/// A small object, or a part of a large one, that is requested before its turn. When the answer has begun and memory is free, its bytes are read into
/// memory, from which a reader takes them as they come. A reader that comes before there is memory reads from the connection, so no reader waits for
/// the memory of another one.
/// </summary>
internal sealed class AheadStream : ForwardStream
{
    private readonly ReadAhead _ahead;
    private readonly int _capacity;
    private readonly TaskCompletionSource _readerCame = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ordered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _fetching;
    private readonly CancellationTokenSource _stopping;
    private readonly Lock _lock = new();
    private volatile State _state;
    private TaskCompletionSource? _arrival;
    private Stream? _connection;
    private byte[]? _buffer;
    private int _length;
    private int _position;
    private bool _isRead;
    private bool _isRequesting = true;
    private bool _isDisposed;

    /// <summary>Makes the request. The caller has taken a connection (<see cref="ReadAhead.TryTake"/>), which is given back here.</summary>
    /// <param name="ahead">Connections and memory.</param>
    /// <param name="capacity">The maximum number of bytes.</param>
    /// <param name="open">Makes the request, and returns when its answer has begun.</param>
    /// <param name="before">Ends when this may take memory; null for at once.</param>
    /// <param name="cancellationToken">Cancels the request and its bytes.</param>
    public AheadStream(
        ReadAhead ahead, int capacity, Func<CancellationToken, Task<Stream>> open, Task? before, CancellationToken cancellationToken)
    {
        _ahead = ahead;
        _capacity = capacity;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _fetching = FetchAsync(open, before ?? Task.CompletedTask, _stopping.Token);
    }

    private enum State
    {
        Requested,
        Answered,
        Filling,
        Finished,
    }

    public override long Length => _capacity;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether bytes are still to come, so that a reader may have to wait for the network.</summary>
    public bool IsOnItsWay => _state is State.Requested or State.Filling;

    /// <summary>Ends when this has taken memory, or needs none. What is read after it takes memory then.</summary>
    public Task HasMemory => _ordered.Task;

    /// <summary>Waits until the stream can be read. Throws the error of the request, or of reading, if it came before this call.</summary>
    public async Task<Stream> BeginAsync()
    {
        _readerCame.TrySetResult();
        await _ordered.Task;
        lock (_lock)
        {
            _isRead = _state == State.Filling;
            if (_isRead)
                return this;
        }

        await _fetching;
        return this;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int read;
        if (_buffer is { } bytes)
        {
            read = Math.Min(buffer.Length, await ArrivedAsync(cancellationToken));
            bytes.AsSpan(_position, read).CopyTo(buffer.Span);
        }
        else
        {
            read = await _connection!.ReadAsync(buffer, cancellationToken);
        }

        _position += read;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _readerCame.TrySetResult();
            await _stopping.CancelAsync();
            await _fetching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ReleaseAsync();
            _stopping.Dispose();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
            _ = DisposeAsync().AsTask(); // it ends when the request does
        base.Dispose(disposing);
    }

    private async Task FetchAsync(Func<CancellationToken, Task<Stream>> open, Task before, CancellationToken cancellationToken)
    {
        try
        {
            _connection = await open(cancellationToken);
            _state = State.Answered;
            if (!await TakeMemoryAsync(before))
                return;
            _state = State.Filling;
            _ordered.TrySetResult();
            await FillAsync(_connection, _buffer.AsMemory(0, _capacity), cancellationToken);
            await CloseAsync();
        }
        catch
        {
            if (TryForget())
                await ReleaseAsync();
            else
                await CloseAsync();
            throw;
        }
        finally
        {
            Arrive(0, State.Finished);
            _ordered.TrySetResult();
        }
    }

    private async Task FillAsync(Stream connection, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0 && await connection.ReadAsync(bytes, cancellationToken) is > 0 and var read)
        {
            bytes = bytes[read..];
            Arrive(read, State.Filling);
        }
    }

    // Returns false if a reader has begun. Else one that comes later gets the error, and never the memory.
    private bool TryForget()
    {
        lock (_lock)
        {
            if (!_isRead)
                _state = State.Finished;
            return !_isRead;
        }
    }

    private void Arrive(int read, State state)
    {
        TaskCompletionSource? arrival;
        lock (_lock)
        {
            _length += read;
            _state = state;
            (arrival, _arrival) = (_arrival, null);
        }

        arrival?.SetResult();
    }

    // Returns the number of bytes that can be read now, 0 at the end. Throws what filling threw, after the bytes before it.
    private async ValueTask<int> ArrivedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_lock)
            {
                if (_length > _position)
                    return _length - _position;
                if (_state == State.Finished)
                    break;
                arrival = (_arrival ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await arrival.WaitAsync(cancellationToken);
        }

        await _fetching;
        return 0;
    }

    private async Task<bool> TakeMemoryAsync(Task before)
    {
        var reader = _readerCame.Task;
        if (!before.IsCompleted)
            await Task.WhenAny(before, reader);
        while (!reader.IsCompleted)
        {
            if (_ahead.TryRent(_capacity, out _buffer, out var freed))
                return true;
            await Task.WhenAny(freed, reader);
        }

        return false;
    }

    private async ValueTask ReleaseAsync()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _ahead.Return(buffer);
        }

        await CloseAsync();
    }

    private async ValueTask CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }

        if (_isRequesting)
        {
            _isRequesting = false;
            _ahead.EndRequest();
        }
    }
}
