using PeakS3Feed.Files;

namespace PeakS3Feed.Fuzz.Memory;

/// <summary>A beginning, a block over and over, an end: a file of any size that is nowhere in memory. Measures what is live while it is read.</summary>
internal sealed class MeasuredStream(byte[] beginning, byte[] block, long times, byte[] end) : ForwardStream
{
    private const long BytesBetweenMeasures = 4 * 1024 * 1024;

    private readonly long _behindBlocks = beginning.Length + (block.Length * times);
    private long _position;
    private long _nextMeasure = BytesBetweenMeasures;

    /// <summary>The most bytes that were live on the managed heap.</summary>
    public long Peak { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= _nextMeasure)
        {
            _nextMeasure += BytesBetweenMeasures;
            Measure();
        }

        var given = 0;
        while (given < buffer.Length && Next() is { IsEmpty: false } next)
        {
            var length = Math.Min(next.Length, buffer.Length - given);
            next[..length].CopyTo(buffer.Span[given..]);
            _position += length;
            given += length;
        }

        return ValueTask.FromResult(given);
    }

    /// <summary>Measures now, garbage collected.</summary>
    public void Measure() => Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: true));

    private ReadOnlySpan<byte> Next()
    {
        if (_position < beginning.Length)
            return beginning.AsSpan((int)_position);
        if (_position < _behindBlocks)
            return block.AsSpan((int)((_position - beginning.Length) % block.Length));
        return end.AsSpan((int)Math.Min(end.Length, _position - _behindBlocks));
    }
}
