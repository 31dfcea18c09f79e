using System.Numerics;
using System.Runtime.InteropServices;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Rows.Spooling;

/// <summary>The memory of a column's values, as bytes in the order of this machine.</summary>
internal static class VectorBytes
{
    /// <summary>The values of the first rows: numbers of a fixed width, or the bytes of texts.</summary>
    public static ReadOnlySpan<byte> Values(ColumnVector vector, int rows) => vector switch
    {
        Utf8Vector text => text.Bytes[..text.Offsets[rows]],
        FixedVector<bool> fixedWidth => Bytes(fixedWidth, rows),
        FixedVector<int> fixedWidth => Bytes(fixedWidth, rows),
        FixedVector<long> fixedWidth => Bytes(fixedWidth, rows),
        FixedVector<double> fixedWidth => Bytes(fixedWidth, rows),
        FixedVector<Int128> fixedWidth => Bytes(fixedWidth, rows),
        _ => throw Unknown(vector),
    };

    /// <summary>The offsets of the first rows' texts, and of the end of the last one; empty for numbers.</summary>
    public static ReadOnlySpan<byte> Offsets(ColumnVector vector, int rows)
        => vector is Utf8Vector text ? MemoryMarshal.AsBytes(text.Offsets[..(rows + 1)]) : [];

    /// <summary>The NULL bits of the first rows; empty if none is NULL.</summary>
    public static ReadOnlySpan<byte> Nulls(ColumnVector vector, int rows)
        => vector.HasNulls ? MemoryMarshal.AsBytes(vector.Nulls[..WordsFor(rows)]) : [];

    /// <summary>The space for the values of an empty vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="textBytes">The size of all texts together; 0 for numbers.</param>
    public static Span<byte> ReserveValues(ColumnVector vector, int rows, int textBytes) => vector switch
    {
        Utf8Vector text => text.Reserve(rows, textBytes, out _),
        FixedVector<bool> fixedWidth => MemoryMarshal.AsBytes(fixedWidth.Reserve(rows)),
        FixedVector<int> fixedWidth => MemoryMarshal.AsBytes(fixedWidth.Reserve(rows)),
        FixedVector<long> fixedWidth => MemoryMarshal.AsBytes(fixedWidth.Reserve(rows)),
        FixedVector<double> fixedWidth => MemoryMarshal.AsBytes(fixedWidth.Reserve(rows)),
        FixedVector<Int128> fixedWidth => MemoryMarshal.AsBytes(fixedWidth.Reserve(rows)),
        _ => throw Unknown(vector),
    };

    /// <summary>The space for the offsets of an empty vector's texts; empty for numbers.</summary>
    public static Span<byte> ReserveOffsets(ColumnVector vector, int rows, int textBytes)
    {
        if (vector is not Utf8Vector text)
            return [];
        _ = text.Reserve(rows, textBytes, out var offsets);
        return MemoryMarshal.AsBytes(offsets);
    }

    /// <summary>The number of words that hold the NULL bits of some rows.</summary>
    public static int WordsFor(int rows) => (rows + 63) >> 6;

    /// <summary>Marks those rows as NULL whose bits are set, in the space after the last row that is counted.</summary>
    public static void MarkNulls(ColumnVector vector, ReadOnlySpan<ulong> nulls, int rows)
    {
        for (var word = 0; word < nulls.Length; word++)
        {
            for (var bits = nulls[word]; bits != 0; bits &= bits - 1)
            {
                // The last word can have bits of rows that were never completed.
                if ((word << 6) + BitOperations.TrailingZeroCount(bits) is var row && row < rows)
                    vector.MarkNull(vector.Count + row);
            }
        }
    }

    /// <summary>Returns the rows of a batch without some of them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="kept">The numbers of the rows to keep, ascending.</param>
    public static RowBatch Keep(RowBatch batch, IReadOnlyList<int> kept)
    {
        var columns = new List<ColumnVector>(batch.Columns.Length);
        foreach (var column in batch.Columns)
            columns.Add(Keep(column, kept));
        return new RowBatch(batch.Schema, columns, kept.Count);
    }

    private static ColumnVector Keep(ColumnVector vector, IReadOnlyList<int> kept) => vector switch
    {
        Utf8Vector text => KeepTexts(text, kept),
        FixedVector<bool> fixedWidth => KeepFixed(fixedWidth, kept),
        FixedVector<int> fixedWidth => KeepFixed(fixedWidth, kept),
        FixedVector<long> fixedWidth => KeepFixed(fixedWidth, kept),
        FixedVector<double> fixedWidth => KeepFixed(fixedWidth, kept),
        FixedVector<Int128> fixedWidth => KeepFixed(fixedWidth, kept),
        _ => throw Unknown(vector),
    };

    private static Utf8Vector KeepTexts(Utf8Vector vector, IReadOnlyList<int> kept)
    {
        var copy = new Utf8Vector(vector.Column);
        foreach (var row in kept)
        {
            if (vector.IsNull(row))
                copy.AppendNull();
            else
                copy.Append(vector[row]);
        }
        return copy;
    }

    private static FixedVector<T> KeepFixed<T>(FixedVector<T> vector, IReadOnlyList<int> kept)
        where T : unmanaged
    {
        var copy = new FixedVector<T>(vector.Column);
        foreach (var row in kept)
        {
            if (vector.IsNull(row))
                copy.AppendNull();
            else
                copy.Append(vector[row]);
        }
        return copy;
    }

    private static ReadOnlySpan<byte> Bytes<T>(FixedVector<T> vector, int rows)
        where T : unmanaged
        => MemoryMarshal.AsBytes(vector.Values[..rows]);

    private static NotSupportedException Unknown(ColumnVector vector) => new($"{vector.GetType()} has no form as bytes.");
}
