using System.Buffers;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows.Vectors;

/// <summary>Values of text or JSON, as valid UTF-8, consecutively in one array.</summary>
public sealed class Utf8Vector : ColumnVector
{
    // A single huge value must not keep its memory reserved in every column that it once was in.
    private const int MaxBytesKept = 8 * 1024 * 1024;
    private const int FirstBytes = 1024;

    // One long value among the first rows says little about the others.
    private const int MaxBytesForeseen = 1024 * 1024;

    private int[] _offsets = new int[FirstRows];
    private byte[] _bytes = new byte[FirstBytes];

    /// <summary>Creates an empty vector.</summary>
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

    /// <summary>The bytes of all values, one after the other.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _offsets[Count]);

    /// <summary>The offset in <see cref="Bytes"/> of each value, and of the end of the last one: one more than there are rows.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <inheritdoc/>
    internal override long CapacityInBytes => base.CapacityInBytes + ((long)_offsets.Length * sizeof(int)) + _bytes.Length;

    /// <inheritdoc/>
    internal override long SizeInBytes => ((long)Count * sizeof(int)) + _offsets[Count];

    /// <summary>Pins <see cref="Bytes"/> in memory until the handle is disposed. Nothing may be appended meanwhile.</summary>
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
    /// Reserves space for <paramref name="count"/> values after the last one, which <see cref="ColumnVector.Advance"/> counts. Returns the space for
    /// their bytes, and for their offsets: the first offset is set, and the caller sets the offset after each value. A NULL has an empty value and is
    /// marked by <see cref="ColumnVector.MarkNull"/>.
    /// </summary>
    internal Span<byte> Reserve(int count, int bytes, out Span<int> offsets)
    {
        ReserveRows(count);
        var start = _offsets[Count];
        var end = checked(start + bytes);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, GrownBytes(Count + count, end));
        if (Count + count >= _offsets.Length)
            Array.Resize(ref _offsets, Grown(_offsets.Length - 1, Count + count) + 1);
        offsets = _offsets.AsSpan(Count, count + 1);
        return _bytes.AsSpan(start, bytes);
    }

    // The texts of the rows so far say how much a full batch will have; a sixteenth more, so that texts a little longer fit, too.
    private int GrownBytes(int rows, int needed)
    {
        var full = (long)(needed * (17.0 / 16) / rows * FullRows);
        var most = Math.Max(_bytes.LongLength * 2, WillBeFull(rows) ? MaxBytesForeseen : 0);
        return (int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Min(most, full)));
    }

    /// <inheritdoc/>
    internal override void AppendNulls(int count)
    {
        _ = Reserve(count, 0, out var offsets);
        offsets[1..].Fill(offsets[0]);
        MarkNulls(count);
    }

    /// <inheritdoc/>
    internal override void AppendRows(ColumnVector other, int from, int count)
    {
        var texts = (Utf8Vector)other;
        var starts = texts.Offsets.Slice(from, count + 1);
        texts.Bytes[starts[0]..starts[^1]].CopyTo(Reserve(count, starts[^1] - starts[0], out var offsets));
        var moved = offsets[0] - starts[0];
        for (var i = 1; i < starts.Length; i++)
            offsets[i] = starts[i] + moved;
        AdvanceAs(other, from, count);
    }
}
