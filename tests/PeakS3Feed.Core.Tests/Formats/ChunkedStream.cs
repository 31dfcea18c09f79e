using PeakS3Feed.Files;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Gives its bytes in pieces of given sizes, over and over.</summary>
internal sealed class ChunkedStream(byte[] bytes, params int[] sizes) : ForwardStream
{
    private int _position;
    private int _reads;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var size = sizes.Length == 0 ? bytes.Length : sizes[_reads++ % sizes.Length];
        var length = Math.Min(Math.Min(size, buffer.Length), bytes.Length - _position);
        bytes.AsSpan(_position, length).CopyTo(buffer.Span);
        _position += length;
        return ValueTask.FromResult(length);
    }
}
