using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// Encodes rows in the binary COPY format (PostgreSQL documentation, COPY, "Binary Format"): per row the number of fields, per field
/// its length, -1 for NULL, and its value as the type's receive function takes it.
/// </summary>
internal static class PgEncoder
{
    // PostgreSQL counts from 2000-01-01.
    private const int EpochDays = 10_957;
    private const long EpochMicroseconds = EpochDays * 86_400_000_000L;

    /// <summary>Signature, flags and length of the header's extension.</summary>
    public static ReadOnlySpan<byte> Header =>
        [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static void Timestamp(PgBuffer buffer, long unixMicroseconds)
    {
        buffer.Int32(8);
        buffer.Int64(unixMicroseconds - EpochMicroseconds);
    }

    public static void Text(PgBuffer buffer, ReadOnlySpan<byte> utf8)
    {
        buffer.Int32(utf8.Length);
        buffer.Bytes(utf8);
    }

    public static void Field(PgBuffer buffer, ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
        {
            buffer.Int32(-1);
            return;
        }
        switch (vector.Column.Type)
        {
            case ColumnType.Text:
                Text(buffer, ((Utf8Vector)vector)[row]);
                break;
            case ColumnType.Json:
                var json = ((Utf8Vector)vector)[row];
                buffer.Int32(json.Length + 1);
                buffer.Byte(1); // jsonb's version
                buffer.Bytes(json);
                break;
            case ColumnType.Boolean:
                buffer.Int32(1);
                buffer.Byte(((FixedVector<bool>)vector)[row] ? (byte)1 : (byte)0);
                break;
            case ColumnType.BigInt:
                buffer.Int32(8);
                buffer.Int64(((FixedVector<long>)vector)[row]);
                break;
            case ColumnType.Decimal:
                PgNumeric.Write(buffer, ((FixedVector<Int128>)vector)[row], vector.Column.Scale);
                break;
            case ColumnType.Double:
                buffer.Int32(8);
                buffer.Double(((FixedVector<double>)vector)[row]);
                break;
            case ColumnType.Date:
                buffer.Int32(4);
                buffer.Int32(((FixedVector<int>)vector)[row] - EpochDays);
                break;
            case ColumnType.Timestamp or ColumnType.TimestampTz:
                Timestamp(buffer, ((FixedVector<long>)vector)[row]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(vector), vector.Column.Type, null);
        }
    }
}
