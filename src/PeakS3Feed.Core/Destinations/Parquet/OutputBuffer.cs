using System.Buffers;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>
/// Takes what the native library writes, and passes it on where it is possible to wait. Holds at most what was written since the last
/// <see cref="DrainAsync"/>.
/// </summary>
internal sealed class OutputBuffer : Stream
{
    private const int ChunkBytes = 512 * 1024;

    private readonly List<byte[]> _full = [];
    private byte[] _filling = [];
    private int _length;
    private long _position;
    private bool _discarded;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _position;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>Passes all bytes on, and forgets them.</summary>
    public async ValueTask DrainAsync(IStagedFileWriter output, CancellationToken cancellationToken)
    {
        foreach (var chunk in _full)
            await output.WriteAsync(chunk, cancellationToken);
        if (_length > 0)
            await output.WriteAsync(_filling.AsMemory(0, _length), cancellationToken);
        Release();
    }

    /// <summary>Forgets all bytes, and those that are still written.</summary>
    public void Discard()
    {
        _discarded = true;
        Release();
        ArrayPool<byte>.Shared.Return(_filling);
        _filling = [];
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _position += buffer.Length;
        while (buffer.Length > 0 && !_discarded)
        {
            if (_length == _filling.Length)
                NextChunk();
            var some = buffer[..Math.Min(buffer.Length, _filling.Length - _length)];
            some.CopyTo(_filling.AsSpan(_length));
            _length += some.Length;
            buffer = buffer[some.Length..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // The native library flushes at moments that mean nothing here.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void NextChunk()
    {
        if (_filling.Length > 0)
            _full.Add(_filling);
        _filling = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        _length = 0;
    }

    private void Release()
    {
        foreach (var chunk in _full)
            ArrayPool<byte>.Shared.Return(chunk);
        _full.Clear();
        _length = 0;
    }
}
