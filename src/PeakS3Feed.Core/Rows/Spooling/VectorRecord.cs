using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Rows.Spooling;

/// <summary>
/// A few rows of columns as bytes: for each column whether it has NULLs, the size of its texts, its NULL bits, offsets and values. The bytes never
/// outlive the process, so that they need no version.
/// </summary>
internal static class VectorRecord
{
    /// <summary>Writes the first rows of columns.</summary>
    public static void Write(ArrayBufferWriter<byte> to, IReadOnlyList<ColumnVector> columns, int rows)
    {
        foreach (var vector in columns)
        {
            var values = VectorBytes.Values(vector, rows);
            to.Write([vector.HasNulls ? (byte)1 : (byte)0]);
            if (vector is Utf8Vector)
                Write(to, values.Length);
            to.Write(VectorBytes.Nulls(vector, rows));
            to.Write(VectorBytes.Offsets(vector, rows));
            to.Write(values);
        }
    }

    /// <summary>Writes a number in four bytes.</summary>
    public static void Write(ArrayBufferWriter<byte> to, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(sizeof(int)), value);
        to.Advance(sizeof(int));
    }

    /// <summary>Appends rows that were written. Returns the number of bytes that they took.</summary>
    /// <param name="from">The bytes; others may follow.</param>
    /// <param name="columns">The columns, of the same types.</param>
    /// <param name="rows">How many rows were written.</param>
    public static int Append(ReadOnlySpan<byte> from, IReadOnlyList<ColumnVector> columns, int rows)
    {
        var rest = from;
        foreach (var vector in columns)
        {
            var hasNulls = Take(ref rest, 1)[0] == 1;
            var textBytes = vector is Utf8Vector ? BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, sizeof(int))) : 0;
            var nulls = MemoryMarshal.Cast<byte, ulong>(hasNulls ? Take(ref rest, VectorBytes.WordsFor(rows) * sizeof(ulong)) : []);
            if (vector is Utf8Vector text)
                AppendTexts(text, rows, textBytes, ref rest);
            else
                AppendValues(VectorBytes.ReserveValues(vector, rows, 0), ref rest);
            VectorBytes.MarkNulls(vector, nulls, rows);
            vector.Advance(rows);
        }
        return from.Length - rest.Length;
    }

    private static void AppendValues(Span<byte> values, ref ReadOnlySpan<byte> rest) => Take(ref rest, values.Length).CopyTo(values);

    // The offsets were those of a vector that began with these rows.
    private static void AppendTexts(Utf8Vector vector, int rows, int textBytes, ref ReadOnlySpan<byte> rest)
    {
        var starts = MemoryMarshal.Cast<byte, int>(Take(ref rest, (rows + 1) * sizeof(int)));
        Take(ref rest, textBytes).CopyTo(vector.Reserve(rows, textBytes, out var offsets));
        for (var i = 1; i <= rows; i++)
            offsets[i] = offsets[0] + starts[i];
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
