using System.Buffers;
using System.Buffers.Binary;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>A growing buffer of big-endian values for the binary COPY format.</summary>
internal sealed class PgBuffer : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(256 * 1024);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(8), value);

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private Span<byte> Take(int count)
    {
        var start = Length;
        if (start + count > _bytes.Length)
            Enlarge(start + count);
        Length = start + count;
        return _bytes.AsSpan(start, count);
    }

    private void Enlarge(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length * 2));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
