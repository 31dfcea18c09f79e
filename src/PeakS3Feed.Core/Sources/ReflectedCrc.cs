using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Sources;

/// <summary>
/// A cyclic redundancy check that works from the lowest bit on, begins with ones and turns its bits round at the end: CRC-32, CRC-32C
/// and CRC-64/NVME are such. Sixteen bytes at a time, by tables, of which there is one for each place.
/// </summary>
internal sealed class ReflectedCrc
{
    private const int Slices = 2 * sizeof(ulong);
    private const int Values = 256;

    private static readonly ulong[] Crc32Tables = Tables(0xEDB88320);
    private static readonly ulong[] Crc32CTables = Tables(0x82F63B78);
    private static readonly ulong[] Crc64NvmeTables = Tables(0x9A6C9329AC4BC9B5);

    private readonly ulong[] _tables;
    private readonly int _bytes;
    private readonly ulong _ones;
    private ulong _crc;

    private ReflectedCrc(ulong[] tables, int bytes)
    {
        _tables = tables;
        _bytes = bytes;
        _ones = bytes == sizeof(ulong) ? ulong.MaxValue : uint.MaxValue;
        _crc = _ones;
    }

    public static ReflectedCrc Crc32() => new(Crc32Tables, sizeof(uint));

    public static ReflectedCrc Crc32C() => new(Crc32CTables, sizeof(uint));

    public static ReflectedCrc Crc64Nvme() => new(Crc64NvmeTables, sizeof(ulong));

    public void Append(ReadOnlySpan<byte> data)
    {
        ref var tables = ref MemoryMarshal.GetArrayDataReference(_tables);
        var crc = _crc;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            crc = Look(ref Unsafe.Add(ref tables, sizeof(ulong) * Values), crc ^ BinaryPrimitives.ReadUInt64LittleEndian(data))
                ^ Look(ref tables, BinaryPrimitives.ReadUInt64LittleEndian(data[sizeof(ulong)..]));
        }
        foreach (var b in data)
            crc = _tables[(byte)(crc ^ b)] ^ (crc >> 8);
        _crc = crc;
    }

    /// <summary>Of what was appended so far, the highest byte first.</summary>
    public byte[] Current()
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _crc ^ _ones);
        return bytes[^_bytes..];
    }

    // The eight bytes in the eight tables from the given one on; a byte is always inside its table of 256.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Look(ref ulong tables, ulong x)
        => Unsafe.Add(ref tables, (7 * Values) + (byte)x)
            ^ Unsafe.Add(ref tables, (6 * Values) + (byte)(x >> 8))
            ^ Unsafe.Add(ref tables, (5 * Values) + (byte)(x >> 16))
            ^ Unsafe.Add(ref tables, (4 * Values) + (byte)(x >> 24))
            ^ Unsafe.Add(ref tables, (3 * Values) + (byte)(x >> 32))
            ^ Unsafe.Add(ref tables, (2 * Values) + (byte)(x >> 40))
            ^ Unsafe.Add(ref tables, Values + (byte)(x >> 48))
            ^ Unsafe.Add(ref tables, (byte)(x >> 56));

    // Of a polynomial with its bits in reverse; each table is of the bytes one place further to the front.
    private static ulong[] Tables(ulong polynomial)
    {
        var tables = new ulong[Slices * Values];
        for (var i = 0; i < tables.Length; i++)
        {
            var crc = i < Values ? (ulong)i : tables[i - Values];
            if (i >= Values)
            {
                tables[i] = tables[(byte)crc] ^ (crc >> 8);
                continue;
            }
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ polynomial;
            tables[i] = crc;
        }
        return tables;
    }
}
