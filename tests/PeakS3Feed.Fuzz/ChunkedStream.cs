using PeakS3Feed.Files;

namespace PeakS3Feed.Fuzz;

/// <summary>Gives its bytes in pieces of given sizes, over and over.</summary>
internal sealed class ChunkedStream(byte[] bytes, int[] sizes) : ForwardStream
{
    private int _position;
    private int _reads;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = Math.Min(Math.Min(sizes[_reads++ % sizes.Length], buffer.Length), bytes.Length - _position);
        bytes.AsSpan(_position, length).CopyTo(buffer.Span);
        _position += length;
        return ValueTask.FromResult(length);
    }
}
