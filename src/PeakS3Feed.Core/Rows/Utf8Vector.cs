using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Values of text or JSON: valid UTF-8, one after the other in one array.</summary>
public sealed class Utf8Vector : ColumnVector
{
    private int[] _ends = new int[1024];
    private byte[] _bytes = new byte[16 * 1024];

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
            var start = Start(row);
            return _bytes.AsSpan(start, _ends[row] - start);
        }
    }

    /// <summary>Bytes held.</summary>
    public int ByteCount => Start(Count);

    /// <summary>Appends a value.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        var start = Start(Count);
        var end = checked(start + utf8.Length);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)end, _bytes.LongLength * 2)));
        if (Count == _ends.Length)
            Array.Resize(ref _ends, Count * 2);
        utf8.CopyTo(_bytes.AsSpan(start));
        _ends[Count] = end;
        Grow();
    }

    /// <inheritdoc/>
    protected override void AppendDefault() => Append([]);

    private int Start(int row) => row == 0 ? 0 : _ends[row - 1];
}
