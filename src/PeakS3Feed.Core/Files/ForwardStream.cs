using System.Buffers;

namespace PeakS3Feed.Files;

/// <summary>The base of streams that support only reading, and only forward. A synchronous read waits for the asynchronous one.</summary>
internal abstract class ForwardStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
        => ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A stream over pooled memory, which is returned when the stream is disposed.</summary>
/// <param name="capacity">The maximum number of bytes.</param>
/// <param name="returned">Called when the memory has been returned; null for nothing.</param>
internal sealed class RentedStream(int capacity, Action? returned = null) : ForwardStream
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;
    private int _position;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Reads a whole stream, which must not be longer than the capacity.</summary>
    public async Task FillAsync(Stream stream, CancellationToken cancellationToken)
        => _length = await stream.ReadAtLeastAsync(_buffer.AsMemory(0, capacity), capacity, throwOnEndOfStream: false, cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        var read = Math.Min(buffer.Length, _length - _position);
        _buffer.AsSpan(_position, read).CopyTo(buffer.Span);
        _position += read;
        return ValueTask.FromResult(read);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
            returned?.Invoke();
        }
        base.Dispose(disposing);
    }
}
