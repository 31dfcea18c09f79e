using System.Buffers;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Values of text or JSON: valid UTF-8, one after the other in one array.</summary>
public sealed class Utf8Vector : ColumnVector
{
    // One huge value must not stay reserved in every column it once stood in.
    private const int MaxBytesKept = 8 * 1024 * 1024;
    private const int FirstBytes = 1024;

    private int[] _offsets = new int[FirstRows];
    private byte[] _bytes = new byte[FirstBytes];

    /// <summary>Makes an empty vector.</summary>
    public Utf8Vector(FeedColumn column)
        : base(column)
    {
    }

    /// <summary>The bytes of a row's value; empty where it is NULL.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var start = _offsets[row];
            return _bytes.AsSpan(start, _offsets[row + 1] - start);
        }
    }

    /// <summary>The bytes of all values.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _offsets[Count]);

    /// <summary>Where each value begins in <see cref="Bytes"/>, and behind the last one where it ends: one more than there are rows.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <summary>Keeps <see cref="Bytes"/> where they are until the handle is disposed; nothing may be appended meanwhile.</summary>
    public MemoryHandle Pin() => _bytes.AsMemory().Pin();

    /// <summary>Appends a value.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(1, utf8.Length, out var offsets));
        offsets[1] = offsets[0] + utf8.Length;
        Advance(1);
    }

    /// <inheritdoc/>
    public override void Truncate(int count)
    {
        base.Truncate(count);
        if (count == 0 && _bytes.Length > MaxBytesKept)
            _bytes = new byte[FirstBytes];
    }

    /// <summary>
    /// Room for so many values behind the last one, to be counted by <see cref="ColumnVector.Advance"/>: their bytes, and their offsets, of which
    /// the first is filled in and the one behind each value is to be. Those of NULL are of equal ones, with <see cref="ColumnVector.MarkNull"/>.
    /// </summary>
    internal Span<byte> Reserve(int count, int bytes, out Span<int> offsets)
    {
        ReserveRows(count);
        var start = _offsets[Count];
        var end = checked(start + bytes);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)end, _bytes.LongLength * 2)));
        if (Count + count >= _offsets.Length)
            Array.Resize(ref _offsets, Math.Max(Count + count + 1, _offsets.Length * 2));
        offsets = _offsets.AsSpan(Count, count + 1);
        return _bytes.AsSpan(start, bytes);
    }

    /// <inheritdoc/>
    internal override void AppendNulls(int count)
    {
        _ = Reserve(count, 0, out var offsets);
        offsets[1..].Fill(offsets[0]);
        MarkNulls(count);
    }
}
