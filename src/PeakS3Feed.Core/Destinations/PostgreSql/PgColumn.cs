using System.Buffers.Binary;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>One column of some rows in the binary COPY format: per field its length, -1 for NULL, and its value.</summary>
internal sealed class PgColumn
{
    private const int LengthBytes = 4;
    private const byte JsonbVersion = 1;
    private readonly ColumnType _type;
    private readonly PgNumericColumn? _numbers;

    public PgColumn(ColumnType type)
    {
        _type = type;
        _numbers = type == ColumnType.Decimal ? new PgNumericColumn() : null;
    }

    /// <summary>Adds what each row's field takes beyond the size that all rows have in common. Returns that common size.</summary>
    /// <param name="vector">The column.</param>
    /// <param name="first">The first row.</param>
    /// <param name="sizes">A size for each row from there on.</param>
    public int AddSizes(ColumnVector vector, int first, Span<int> sizes)
    {
        switch (_type)
        {
            case ColumnType.Text:
                return AddLengths(((Utf8Vector)vector).Offsets[first..], sizes);
            case ColumnType.Json:
                return AddLengths(((Utf8Vector)vector).Offsets[first..], sizes) + SubtractNulls(vector, first, sizes, width: 1);
            case ColumnType.Decimal:
                _numbers!.Encode((FixedVector<Int128>)vector, first, sizes.Length);
                return AddLengths(_numbers.Offsets, sizes);
            default:
                return LengthBytes + SubtractNulls(vector, first, sizes, Width);
        }
    }

    /// <summary>Writes each row's field at the row's position, and advances the position.</summary>
    /// <param name="vector">The column.</param>
    /// <param name="first">The first row.</param>
    /// <param name="output">The rows.</param>
    /// <param name="at">The position of each row from there on.</param>
    public void Write(ColumnVector vector, int first, Span<byte> output, Span<int> at)
    {
        switch (_type)
        {
            case ColumnType.Text:
                var text = (Utf8Vector)vector;
                WriteBytes(vector, first, text.Bytes, text.Offsets[first..], [], output, at);
                break;
            case ColumnType.Json:
                var json = (Utf8Vector)vector;
                WriteBytes(vector, first, json.Bytes, json.Offsets[first..], [JsonbVersion], output, at);
                break;
            case ColumnType.Decimal:
                WriteBytes(vector, first, _numbers!.Bytes, _numbers.Offsets, [], output, at);
                break;
            case ColumnType.Boolean:
                WriteFixed<bool, PgBoolean>(vector, first, output, at);
                break;
            case ColumnType.BigInt:
                WriteFixed<long, PgBigInt>(vector, first, output, at);
                break;
            case ColumnType.Double:
                WriteFixed<double, PgDouble>(vector, first, output, at);
                break;
            case ColumnType.Date:
                WriteFixed<int, PgDate>(vector, first, output, at);
                break;
            default:
                WriteFixed<long, PgTimestamp>(vector, first, output, at);
                break;
        }
    }

    private int Width => _type switch
    {
        ColumnType.Boolean => PgBoolean.Width,
        ColumnType.BigInt => PgBigInt.Width,
        ColumnType.Double => PgDouble.Width,
        ColumnType.Date => PgDate.Width,
        ColumnType.Timestamp or ColumnType.TimestampTz => PgTimestamp.Width,
        _ => throw new InvalidOperationException($"{_type} has no width."),
    };

    private static int AddLengths(ReadOnlySpan<int> offsets, Span<int> sizes)
    {
        for (var row = 0; row < sizes.Length; row++)
            sizes[row] = checked(sizes[row] + offsets[row + 1] - offsets[row]);
        return LengthBytes;
    }

    private static int SubtractNulls(ColumnVector vector, int first, Span<int> sizes, int width)
    {
        for (var row = 0; vector.HasNulls && row < sizes.Length; row++)
        {
            if (vector.IsNull(first + row))
                sizes[row] -= width;
        }
        return width;
    }

    private static void WriteFixed<T, TValue>(ColumnVector vector, int first, Span<byte> output, Span<int> at)
        where T : unmanaged
        where TValue : IPgValue<T>
    {
        var values = ((FixedVector<T>)vector).Values.Slice(first, at.Length);
        for (var row = 0; row < values.Length; row++)
        {
            var field = output[at[row]..];
            if (IsNull(vector, first + row))
            {
                at[row] += WriteNull(field);
                continue;
            }
            BinaryPrimitives.WriteInt32BigEndian(field, TValue.Width);
            TValue.Write(field[LengthBytes..], values[row]);
            at[row] += LengthBytes + TValue.Width;
        }
    }

    private static void WriteBytes(
        ColumnVector vector, int first, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> prefix, Span<byte> output,
        Span<int> at)
    {
        for (var row = 0; row < at.Length; row++)
        {
            var field = output[at[row]..];
            if (IsNull(vector, first + row))
            {
                at[row] += WriteNull(field);
                continue;
            }
            var value = bytes[offsets[row]..offsets[row + 1]];
            BinaryPrimitives.WriteInt32BigEndian(field, prefix.Length + value.Length);
            prefix.CopyTo(field[LengthBytes..]);
            value.CopyTo(field[(LengthBytes + prefix.Length)..]);
            at[row] += LengthBytes + prefix.Length + value.Length;
        }
    }

    private static bool IsNull(ColumnVector vector, int row) => vector.HasNulls && vector.IsNull(row);

    private static int WriteNull(Span<byte> field)
    {
        BinaryPrimitives.WriteInt32BigEndian(field, -1);
        return LengthBytes;
    }
}

/// <summary>Writes a value of a fixed width. A struct for each type gives each its own specialised loop.</summary>
internal interface IPgValue<T>
    where T : unmanaged
{
    /// <summary>The number of bytes.</summary>
    static abstract int Width { get; }

    /// <summary>Writes the value in the type's binary format.</summary>
    static abstract void Write(Span<byte> output, T value);
}

/// <summary>bool.</summary>
internal readonly struct PgBoolean : IPgValue<bool>
{
    public static int Width => 1;

    public static void Write(Span<byte> output, bool value) => output[0] = value ? (byte)1 : (byte)0;
}

/// <summary>int8.</summary>
internal readonly struct PgBigInt : IPgValue<long>
{
    public static int Width => 8;

    public static void Write(Span<byte> output, long value) => BinaryPrimitives.WriteInt64BigEndian(output, value);
}

/// <summary>float8.</summary>
internal readonly struct PgDouble : IPgValue<double>
{
    public static int Width => 8;

    public static void Write(Span<byte> output, double value) => BinaryPrimitives.WriteDoubleBigEndian(output, value);
}

/// <summary>date: days since 2000-01-01.</summary>
internal readonly struct PgDate : IPgValue<int>
{
    private const int EpochDays = 10_957;

    public static int Width => 4;

    public static void Write(Span<byte> output, int value) => BinaryPrimitives.WriteInt32BigEndian(output, value - EpochDays);
}

/// <summary>timestamp and timestamptz: microseconds since 2000-01-01T00:00:00 (UTC for timestamptz).</summary>
internal readonly struct PgTimestamp : IPgValue<long>
{
    private const long EpochMicroseconds = 10_957 * 86_400_000_000L;

    public static int Width => 8;

    public static void Write(Span<byte> output, long value) => BinaryPrimitives.WriteInt64BigEndian(output, value - EpochMicroseconds);
}
