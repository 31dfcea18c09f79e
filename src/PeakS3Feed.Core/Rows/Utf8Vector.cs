using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Values of text or JSON: valid UTF-8, one after the other in one array.</summary>
public sealed class Utf8Vector : ColumnVector
{
    // One huge value must not stay reserved in every column it once stood in.
    private const int MostBytesKept = 8 * 1024 * 1024;
    private const int FirstBytes = 16 * 1024;

    private int[] _offsets = new int[1024];
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

    /// <summary>Appends a value.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        var start = _offsets[Count];
        var end = checked(start + utf8.Length);
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)end, _bytes.LongLength * 2)));
        if (Count + 1 == _offsets.Length)
            Array.Resize(ref _offsets, _offsets.Length * 2);
        utf8.CopyTo(_bytes.AsSpan(start));
        _offsets[Count + 1] = end;
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
}
