using System.Buffers.Binary;
using System.Globalization;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.PostgreSql;

/// <summary>The binary COPY format written value by value, as plainly as PostgreSQL's documentation has it.</summary>
internal sealed class PlainPgEncoder
{
    private readonly MemoryStream _output = new();

    public byte[] Written => _output.ToArray();

    public void Row(RowBatch batch, int row, ReadOnlySpan<byte> tail, int tailFields, long? order)
    {
        Int16(batch.Columns.Length + tailFields + (order is null ? 0 : 1));
        foreach (var column in batch.Columns)
            Field(column, row);
        _output.Write(tail);
        if (order is not { } number)
            return;
        Int32(8);
        Int64(number);
    }

    public void Timestamp(long unixMicroseconds)
    {
        Int32(8);
        Int64(unixMicroseconds - 946_684_800_000_000); // from 2000-01-01
    }

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Int32(utf8.Length);
        _output.Write(utf8);
    }

    private void Field(ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
        {
            Int32(-1);
            return;
        }
        switch (vector.Column.Type)
        {
            case ColumnType.Text:
                Text(((Utf8Vector)vector)[row]);
                break;
            case ColumnType.Json:
                Text([1, .. ((Utf8Vector)vector)[row]]);
                break;
            case ColumnType.Boolean:
                Text([((FixedVector<bool>)vector)[row] ? (byte)1 : (byte)0]);
                break;
            case ColumnType.BigInt:
                Int32(8);
                Int64(((FixedVector<long>)vector)[row]);
                break;
            case ColumnType.Decimal:
                Number(((FixedVector<Int128>)vector)[row], vector.Column.Scale);
                break;
            case ColumnType.Double:
                Int32(8);
                Int64(BitConverter.DoubleToInt64Bits(((FixedVector<double>)vector)[row]));
                break;
            case ColumnType.Date:
                Int32(4);
                Int32(((FixedVector<int>)vector)[row] - 10_957);
                break;
            default:
                Timestamp(((FixedVector<long>)vector)[row]);
                break;
        }
    }

    // By its decimal digits: groups of four, away from the point to both sides, without groups of zeros at either end.
    private void Number(Int128 value, int scale)
    {
        var digits = value.ToString(CultureInfo.InvariantCulture).TrimStart('-').PadLeft(scale + 1, '0');
        var whole = digits[..^scale];
        whole = whole.PadLeft((whole.Length + 3) / 4 * 4, '0');
        var fraction = digits[^scale..];
        fraction = scale == 0 ? "" : fraction.PadRight((scale + 3) / 4 * 4, '0');
        List<int> groups = [.. (whole + fraction).Chunk(4).Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
        var weight = (whole.Length / 4) - 1;
        while (groups.Count > 0 && groups[0] == 0)
        {
            groups.RemoveAt(0);
            weight--;
        }
        while (groups.Count > 0 && groups[^1] == 0)
            groups.RemoveAt(groups.Count - 1);
        Int32(8 + (groups.Count * 2));
        Int16(groups.Count);
        Int16(groups.Count == 0 ? 0 : weight);
        Int16(value < 0 ? 0x4000 : 0);
        Int16(scale);
        foreach (var group in groups)
            Int16(group);
    }

    private void Int16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        _output.Write(bytes);
    }

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _output.Write(bytes);
    }

    private void Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _output.Write(bytes);
    }
}
