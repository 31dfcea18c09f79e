using System.Buffers.Binary;
using System.Security.Cryptography;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Computes hashes of 128 bits that stand for keys, so that no two keys may share one, whatever a file contains. A short key is its own hash, once
/// its bits are mixed; a longer one has the beginning of its SHA-256.
/// </summary>
internal sealed class KeyHasher
{
    private const int MaxShortBytes = 15;

    private byte[] _buffer = new byte[256];

    /// <summary>Returns the hash of one row's key.</summary>
    /// <param name="columns">The key columns, in the key's order. None of their values is NULL.</param>
    /// <param name="row">The row.</param>
    public UInt128 Hash(IReadOnlyList<ColumnVector> columns, int row)
    {
        var length = 0;
        for (var i = 0; i < columns.Count; i++)
            length += Write(columns[i], row, length);
        return Hash(_buffer.AsSpan(0, length));
    }

    /// <summary>Returns the hash of some values of one row, of which any may be NULL, as those of a null column are.</summary>
    public UInt128 HashWithNulls(IReadOnlyList<ColumnVector?> columns, int row)
    {
        var length = 0;
        for (var i = 0; i < columns.Count; i++)
        {
            var hasValue = columns[i]?.IsNull(row) == false;
            Reserve(length++, 1)[0] = hasValue ? (byte)1 : (byte)0;
            if (hasValue)
                length += Write(columns[i]!, row, length);
        }
        return Hash(_buffer.AsSpan(0, length));
    }

    /// <summary>Returns the hash of some bytes.</summary>
    public static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= MaxShortBytes)
        {
            Span<byte> padded = stackalloc byte[16];
            padded.Clear();
            bytes.CopyTo(padded);
            padded[MaxShortBytes] = (byte)bytes.Length;
            return Mix(BinaryPrimitives.ReadUInt128LittleEndian(padded));
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        digest[MaxShortBytes] |= 0x80; // no length of a short key, so that no short key has this hash
        return Mix(BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }

    // Each step can be undone, so that different values stay different. The constants are odd, with about as many bits set as not.
    private static UInt128 Mix(UInt128 value)
    {
        value *= new UInt128(0x9E3779B97F4A7C15, 0xF39CC0605CEDC835);
        value ^= value >> 64;
        value *= new UInt128(0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9);
        return value ^ (value >> 64);
    }

    private int Write(ColumnVector column, int row, int at)
    {
        switch (column)
        {
            case Utf8Vector text:
                var bytes = text[row];
                BinaryPrimitives.WriteInt32LittleEndian(Reserve(at, sizeof(int) + bytes.Length), bytes.Length);
                bytes.CopyTo(_buffer.AsSpan(at + sizeof(int)));
                return sizeof(int) + bytes.Length;
            case FixedVector<long> numbers:
                BinaryPrimitives.WriteInt64LittleEndian(Reserve(at, sizeof(long)), numbers[row]);
                return sizeof(long);
            case FixedVector<int> days:
                BinaryPrimitives.WriteInt32LittleEndian(Reserve(at, sizeof(int)), days[row]);
                return sizeof(int);
            case FixedVector<bool> flags:
                Reserve(at, 1)[0] = flags[row] ? (byte)1 : (byte)0;
                return 1;
            case FixedVector<Int128> decimals:
                BinaryPrimitives.WriteInt128LittleEndian(Reserve(at, 16), decimals[row]);
                return 16;
            case FixedVector<double> doubles:
                // -0.0 equals 0.0, and every NaN is the same key.
                var value = doubles[row] == 0 ? 0.0 : double.IsNaN(doubles[row]) ? double.NaN : doubles[row];
                BinaryPrimitives.WriteDoubleLittleEndian(Reserve(at, sizeof(double)), value);
                return sizeof(double);
            default:
                throw new NotSupportedException($"{column.GetType()} cannot be part of a key.");
        }
    }

    private Span<byte> Reserve(int at, int bytes)
    {
        if (at + bytes > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(at + bytes, _buffer.Length * 2));
        return _buffer.AsSpan(at, bytes);
    }
}
