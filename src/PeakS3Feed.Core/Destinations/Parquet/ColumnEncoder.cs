using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>Gives the values of one column to the native library, by pointer, and keeps their bounds.</summary>
internal abstract class ColumnEncoder(FeedColumn column)
{
    private long _nulls;

    /// <summary>The column.</summary>
    public FeedColumn Column => column;

    /// <summary>The bounds of all values that were written.</summary>
    public ParquetStatistics GetStatistics()
    {
        var (min, max) = Bounds.Find();
        return new(column, _nulls, min, max);
    }

    /// <summary>The bounds so far.</summary>
    protected abstract ColumnBounds Bounds { get; }

    /// <summary>Creates the encoder for a column.</summary>
    public static ColumnEncoder Create(FeedColumn column) => column.Type switch
    {
        ColumnType.Text or ColumnType.Json => new TextEncoder(column),
        ColumnType.Boolean => new FixedEncoder<bool, BooleanBounds>(column, static (b, values) => b.Add(values)),
        ColumnType.BigInt or ColumnType.Timestamp or ColumnType.TimestampTz
            => new FixedEncoder<long, IntegerBounds<long>>(column, static (b, values) => b.Add(values)),
        ColumnType.Decimal => new DecimalEncoder(column),
        ColumnType.Double => new FixedEncoder<double, DoubleBounds>(column, static (b, values) => b.Add(values)),
        ColumnType.Date => new FixedEncoder<int, IntegerBounds<int>>(column, static (b, values) => b.Add(values)),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    /// <summary>Writes rows.</summary>
    /// <param name="output">The column of the row group.</param>
    /// <param name="vector">The values.</param>
    /// <param name="from">The first row.</param>
    /// <param name="count">How many; at most <see cref="EncodingScratch.Rows"/>.</param>
    /// <param name="scratch">Memory that all columns use in turn.</param>
    public void Write(Native.ColumnWriter output, ColumnVector vector, int from, int count, EncodingScratch scratch)
    {
        var nulls = scratch.SetLevels(vector, from, count);
        _nulls += nulls;
        Write(output, vector, from, count, nulls, scratch);
    }

    /// <summary>Writes rows whose definition levels are in the scratch memory.</summary>
    protected abstract void Write(Native.ColumnWriter output, ColumnVector vector, int from, int count, int nulls, EncodingScratch scratch);
}

/// <summary>Encodes values whose memory is what Parquet stores.</summary>
internal sealed class FixedEncoder<T, TBounds>(FeedColumn column, FixedEncoder<T, TBounds>.Adder add) : ColumnEncoder(column)
    where T : unmanaged
    where TBounds : ColumnBounds, new()
{
    private readonly TBounds _bounds = new();

    /// <summary>Adds values to the bounds.</summary>
    public delegate void Adder(TBounds bounds, ReadOnlySpan<T> values);

    protected override ColumnBounds Bounds => _bounds;

    protected override void Write(Native.ColumnWriter output, ColumnVector vector, int from, int count, int nulls, EncodingScratch scratch)
    {
        var values = ((FixedVector<T>)vector).Values.Slice(from, count);
        if (nulls > 0)
            values = scratch.Compact(values);
        add(_bounds, values);
        ((Native.ColumnWriter<T>)output).WriteBatch(count, scratch.Levels(count), default, values);
    }
}

/// <summary>Encodes decimals as 16 bytes, the highest first.</summary>
internal sealed class DecimalEncoder(FeedColumn column) : ColumnEncoder(column)
{
    private readonly DecimalBounds _bounds = new();

    protected override ColumnBounds Bounds => _bounds;

    protected override void Write(Native.ColumnWriter output, ColumnVector vector, int from, int count, int nulls, EncodingScratch scratch)
    {
        var values = ((FixedVector<Int128>)vector).Values.Slice(from, count);
        if (nulls > 0)
            values = scratch.Compact(values);
        _bounds.Add(values);
        ((Native.ColumnWriter<Native.FixedLenByteArray>)output).WriteBatch(count, scratch.Levels(count), default, scratch.ToBigEndian(values));
    }
}

/// <summary>Encodes text.</summary>
internal sealed class TextEncoder(FeedColumn column) : ColumnEncoder(column)
{
    // The library closes a page only between two calls: long texts are given to it few at a time, or a page would hold thousands of them.
    private const int MaxBytes = 1024 * 1024;

    private readonly TextBounds _bounds = new();

    protected override ColumnBounds Bounds => _bounds;

    protected override unsafe void Write(
        Native.ColumnWriter output, ColumnVector vector, int from, int count, int nulls, EncodingScratch scratch)
    {
        var texts = (Utf8Vector)vector;
        var writer = (Native.ColumnWriter<Native.ByteArray>)output;
        var levels = scratch.Levels(count);
        var offsets = texts.Offsets.Slice(from, count + 1);
        using var pin = texts.Pin();
        var start = (byte*)pin.Pointer;
        for (var row = 0; row < count;)
        {
            var (first, values) = (row, 0);
            for (; row < count && (row == first || offsets[row] - offsets[first] < MaxBytes); row++)
            {
                if (levels[row] == 0)
                    continue;
                var text = new ReadOnlySpan<byte>(start + offsets[row], offsets[row + 1] - offsets[row]);
                _bounds.Add(text);
                scratch.Texts[values++] = new Native.ByteArray((nint)(start + offsets[row]), text.Length);
            }
            writer.WriteBatch(row - first, levels[first..row], default, scratch.Texts.AsSpan(0, values));
        }
    }
}
