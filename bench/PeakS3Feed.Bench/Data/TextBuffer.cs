using System.Buffers.Text;

namespace PeakS3Feed.Bench.Data;

/// <summary>A reusable buffer of UTF-8 text.</summary>
internal sealed class TextBuffer(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public bool IsEmpty => Length == 0;

    public void Clear() => Length = 0;

    public void Add(byte value) => Reserve(1)[0] = value;

    public void Add(ReadOnlySpan<byte> utf8) => utf8.CopyTo(Reserve(utf8.Length));

    /// <summary>Appends a number, padded with zeros on the left.</summary>
    public void Add(long value, int digits = 0)
    {
        EnsureRoom(24);
        if (!Utf8Formatter.TryFormat(value, _bytes.AsSpan(Length), out var count, digits == 0 ? default : new('D', (byte)digits)))
            throw new InvalidOperationException();
        Length += count;
    }

    private Span<byte> Reserve(int count)
    {
        EnsureRoom(count);
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }

    private void EnsureRoom(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
    }
}
