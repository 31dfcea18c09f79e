using System.Runtime.CompilerServices;
using System.Text.Unicode;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>Decodes one column of a file into a vector.</summary>
internal abstract class ColumnDecoder(string file, FeedColumn column, int index) : IDisposable
{
    /// <summary>The maximum number of rows that are decoded at once.</summary>
    public const int SliceRows = 4096;

    /// <summary>The column of the table.</summary>
    protected FeedColumn Column => column;

    /// <summary>Begins the chunk of a row group.</summary>
    public void Begin(Native.RowGroupReader group)
    {
        Dispose();
        Begin(group.Column(index));
    }

    /// <summary>Appends the next rows to a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="rows">How many; at most <see cref="SliceRows"/>.</param>
    /// <param name="first">The number of the first of them in the file, for messages.</param>
    public abstract void Decode(ColumnVector vector, int rows, long first);

    /// <summary>Ends the chunk.</summary>
    public abstract void Dispose();

    /// <summary>Begins a chunk.</summary>
    protected abstract void Begin(Native.ColumnReader reader);

    /// <summary>The error of a value.</summary>
    protected Errors.FeedException Unreadable(long row, string reason) => ParquetErrors.ValueUnreadable(file, column, row, reason);

    /// <summary>The error of a chunk that has fewer values than its row group has rows.</summary>
    protected Errors.FeedException Short() => ParquetErrors.FileDamaged(file, $"column {column.Name} has fewer values than the file has rows.");

    /// <summary>Creates the decoder for a column.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="column">The column of the table.</param>
    /// <param name="leaf">The column of the file.</param>
    /// <param name="index">Its number in the file.</param>
    /// <exception cref="Errors.FeedException"><c>ParquetTypeUnreadable</c></exception>
    public static ColumnDecoder Create(string file, FeedColumn column, Native.ColumnDescriptor leaf, int index)
        => DecoderTypes.Create(file, column, leaf, index) ?? throw ParquetErrors.TypeUnreadable(file, column, DecoderTypes.Describe(leaf));
}

/// <summary>Decodes a column whose values have a physical type.</summary>
internal abstract class ColumnDecoder<T>(string file, FeedColumn column, int index, bool optional) : ColumnDecoder(file, column, index)
    where T : unmanaged
{
    private short[] _levels = [];
    private T[] _values = [];
    private Native.ColumnReader<T>? _reader;

    public override void Decode(ColumnVector vector, int rows, long first)
    {
        if (rows > _values.Length)
            (_values, _levels) = (new T[rows], new short[optional ? rows : 0]);
        while (rows > 0)
        {
            // One call reads from one page at most: pointers to texts are valid until the next call.
            var read = (int)_reader!.ReadBatch(rows, _levels.AsSpan(), default, _values, out var values);
            if (read <= 0)
                throw Short();
            Append(vector, _values.AsSpan(0, (int)values), values < read ? _levels.AsSpan(0, read) : default, first);
            rows -= read;
            first += read;
        }
    }

    public override void Dispose()
    {
        _reader?.Dispose();
        _reader = null;
    }

    protected override void Begin(Native.ColumnReader reader) => _reader = (Native.ColumnReader<T>)reader;

    /// <summary>Appends values to a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="values">The values that are not NULL.</param>
    /// <param name="levels">For each row, 0 for NULL and 1 for a value; empty if no row is NULL.</param>
    /// <param name="first">The number of the first row in the file.</param>
    protected abstract void Append(ColumnVector vector, ReadOnlySpan<T> values, ReadOnlySpan<short> levels, long first);
}

/// <summary>Converts a value of a file to a value of a vector.</summary>
internal interface IValueConverter<TIn, TOut>
{
    /// <summary>Converts a value. Returns false if the vector cannot hold it.</summary>
    bool TryConvert(TIn value, out TOut converted);
}

/// <summary>Decodes values of a fixed width.</summary>
internal sealed class FixedDecoder<TIn, TOut, TConverter>(string file, FeedColumn column, int index, bool optional, TConverter converter)
    : ColumnDecoder<TIn>(file, column, index, optional)
    where TIn : unmanaged
    where TOut : unmanaged
    where TConverter : struct, IValueConverter<TIn, TOut>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Append(ColumnVector vector, ReadOnlySpan<TIn> values, ReadOnlySpan<short> levels, long first)
    {
        var rows = levels.IsEmpty ? values.Length : levels.Length;
        var place = ((FixedVector<TOut>)vector).Reserve(rows);
        var next = 0;
        for (var row = 0; row < rows; row++)
        {
            if (!levels.IsEmpty && levels[row] == 0)
            {
                place[row] = default;
                vector.MarkNull(vector.Count + row);
            }
            else if (!converter.TryConvert(values[next++], out place[row]))
            {
                throw Unreadable(first + row, "it is out of range.");
            }
        }
        vector.Advance(rows);
    }
}

/// <summary>Decodes text.</summary>
internal sealed class TextDecoder(string file, FeedColumn column, int index, bool optional)
    : ColumnDecoder<Native.ByteArray>(file, column, index, optional)
{
    protected override unsafe void Append(ColumnVector vector, ReadOnlySpan<Native.ByteArray> values, ReadOnlySpan<short> levels, long first)
    {
        var rows = levels.IsEmpty ? values.Length : levels.Length;
        var bytes = 0;
        foreach (var value in values)
            bytes = checked(bytes + value.Length);
        var place = ((Utf8Vector)vector).Reserve(rows, bytes, out var offsets);
        var (next, at, cut) = (0, 0, false);
        for (var row = 0; row < rows; row++)
        {
            if (!levels.IsEmpty && levels[row] == 0)
            {
                vector.MarkNull(vector.Count + row);
            }
            else
            {
                var text = new ReadOnlySpan<byte>((void*)values[next].Pointer, values[next].Length);
                text.CopyTo(place[at..]);
                cut |= text.Length > 0 && (text[0] & 0xC0) == 0x80;
                at += text.Length;
                next++;
            }
            offsets[row + 1] = offsets[0] + at;
        }
        // All values are valid if their bytes together are, and no character is cut between two of them.
        if (cut || !Utf8.IsValid(place[..at]))
            ThrowInvalid(values, levels, first);
        vector.Advance(rows);
    }

    private unsafe void ThrowInvalid(ReadOnlySpan<Native.ByteArray> values, ReadOnlySpan<short> levels, long first)
    {
        var next = 0;
        for (var row = 0; next < values.Length; row++)
        {
            if (!levels.IsEmpty && levels[row] == 0)
                continue;
            if (!Utf8.IsValid(new ReadOnlySpan<byte>((void*)values[next].Pointer, values[next].Length)))
                throw Unreadable(first + row, "it is not UTF-8.");
            next++;
        }
    }
}
