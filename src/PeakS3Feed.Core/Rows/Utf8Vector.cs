using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Values of text or JSON: valid UTF-8, one after the other in one array.</summary>
public sealed class Utf8Vector : ColumnVector
{
    // One huge value must not stay reserved in every column it once stood in.
    private const int MostBytesKept = 8 * 1024 * 1024;
    private const int FirstBytes = 16 * 1024;

    private int[] _ends = new int[1024];
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
            var start = Start(row);
            return _bytes.AsSpan(start, _ends[row] - start);
        }
    }

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
    public override void Truncate(int count)
    {
        base.Truncate(count);
        if (count == 0 && _bytes.Length > MostBytesKept)
            _bytes = new byte[FirstBytes];
    }

    /// <inheritdoc/>
    protected override void AppendDefault() => Append([]);

    private int Start(int row) => row == 0 ? 0 : _ends[row - 1];
}
