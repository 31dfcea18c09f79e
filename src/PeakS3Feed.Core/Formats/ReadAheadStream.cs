using System.Buffers;
using System.Threading.Channels;
using PeakS3Feed.Files;

namespace PeakS3Feed.Formats;

/// <summary>
/// Reads another stream ahead on a task of its own, so that decompression runs in parallel with parsing. An error of that stream is thrown at its
/// position, after the bytes before it. Owns the stream. Reading starts with the first read.
/// </summary>
internal sealed class ReadAheadStream(Stream inner) : ForwardStream
{
    private const int ChunkBytes = 256 * 1024;
    private const int ChunksAhead = 3;

    private readonly Channel<ArraySegment<byte>> _chunks = Channel.CreateBounded<ArraySegment<byte>>(
        new BoundedChannelOptions(ChunksAhead) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stopping = new();
    private ArraySegment<byte> _chunk = ArraySegment<byte>.Empty;
    private Task? _reading;
    private bool _closed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _reading ??= Task.Run(ReadChunksAsync, CancellationToken.None);
        if (_chunk.Count == 0)
        {
            Return(_chunk);
            _chunk = ArraySegment<byte>.Empty;
            if (!await _chunks.Reader.WaitToReadAsync(cancellationToken) || !_chunks.Reader.TryRead(out _chunk))
                return 0;
        }

        var length = Math.Min(buffer.Length, _chunk.Count);
        _chunk.AsSpan(0, length).CopyTo(buffer.Span);
        _chunk = _chunk[length..];
        return length;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        await _stopping.CancelAsync();
        if (_reading is { } reading)
            await reading; // does not throw: the channel carries its error
        while (_chunks.Reader.TryRead(out var chunk))
            Return(chunk);
        Return(_chunk);
        _chunk = ArraySegment<byte>.Empty;
        _stopping.Dispose();
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task ReadChunksAsync()
    {
        try
        {
            while (await ReadChunkAsync())
            {
            }

            _chunks.Writer.Complete();
        }
        catch (Exception e)
        {
            _chunks.Writer.Complete(e);
        }
    }

    // Bytes that were read before an error are passed on first, so that the error always occurs at the same position.
    private async Task<bool> ReadChunkAsync()
    {
        var bytes = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var length = 0;
        var read = 0;
        try
        {
            do
            {
                read = await inner.ReadAsync(bytes.AsMemory(length, ChunkBytes - length), _stopping.Token);
                length += read;
            }
            while (read > 0 && length < ChunkBytes);
        }
        finally
        {
            if (length > 0)
                await _chunks.Writer.WriteAsync(new ArraySegment<byte>(bytes, 0, length), _stopping.Token);
            else
                ArrayPool<byte>.Shared.Return(bytes);
        }

        return read > 0;
    }

    private static void Return(ArraySegment<byte> chunk)
    {
        if (chunk.Array is { Length: > 0 } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
