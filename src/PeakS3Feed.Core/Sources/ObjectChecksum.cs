using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Aes = System.Runtime.Intrinsics.Arm.Aes;
using Pclmulqdq = System.Runtime.Intrinsics.X86.Pclmulqdq;

namespace PeakS3Feed.Sources;

/// <summary>The checksum of a whole object that S3 stores, and the checksum of the bytes read so far.</summary>
internal sealed class ObjectChecksum : IDisposable
{
    private readonly ReflectedCrc? _crc;
    private readonly IncrementalHash? _hash;

    private ObjectChecksum(string algorithm, string expected, ReflectedCrc? crc = null, HashAlgorithmName? hash = null)
    {
        Algorithm = algorithm;
        Expected = expected;
        _crc = crc;
        _hash = hash is { } name ? IncrementalHash.CreateHash(name) : null;
    }

    /// <summary>The algorithm's name in S3.</summary>
    public string Algorithm { get; }

    /// <summary>The checksum that S3 stores, in base64.</summary>
    public string Expected { get; }

    /// <summary>
    /// Returns the checksum in a response. Null if it has none, or one of an unknown algorithm, or one of the parts of an upload, whose boundaries
    /// are unknown.
    /// </summary>
    public static ObjectChecksum? From(GetObjectResponse response)
    {
        if (response.ChecksumType == ChecksumType.COMPOSITE)
            return null;
        if (IsWholeObject(response.ChecksumCRC64NVME))
            return new("CRC64NVME", response.ChecksumCRC64NVME, ReflectedCrc.Crc64Nvme());
        if (IsWholeObject(response.ChecksumCRC32C))
            return new("CRC32C", response.ChecksumCRC32C, ReflectedCrc.Crc32C());
        if (IsWholeObject(response.ChecksumCRC32))
            return new("CRC32", response.ChecksumCRC32, ReflectedCrc.Crc32());
        if (IsWholeObject(response.ChecksumSHA256))
            return new("SHA256", response.ChecksumSHA256, hash: HashAlgorithmName.SHA256);
#pragma warning disable CA5350 // detects accidents, not attacks; the object's owner chose the algorithm
        return IsWholeObject(response.ChecksumSHA1) ? new("SHA1", response.ChecksumSHA1, hash: HashAlgorithmName.SHA1) : null;
#pragma warning restore CA5350
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        _crc?.Append(data);
        _hash?.AppendData(data);
    }

    /// <summary>Returns the checksum of the bytes read so far, in base64.</summary>
    public string Current() => Convert.ToBase64String(_crc?.Current() ?? _hash!.GetCurrentHash());

    public void Dispose() => _hash?.Dispose();

    // A checksum of parts has a dash and the number of parts after it. Base64 has no dash.
    private static bool IsWholeObject(string? checksum) => checksum is { Length: > 0 } && !checksum.Contains('-', StringComparison.Ordinal);
}

/// <summary>
/// Computes reflected CRCs with an initial value and a final XOR of ones: CRC-32, CRC-32C and CRC-64/NVME. If the processor has carry-less
/// multiplication, 16 bytes at a time are folded into the next 16, which does not change the remainder. The rest, or everything, uses eight tables,
/// one for each byte of 64 bits.
/// </summary>
internal sealed class ReflectedCrc
{
    private const int FoldedBytes = 16;
    private const int Slices = sizeof(ulong);
    private const int Values = 256;

    private static readonly ulong[] Crc32Tables = Tables(0xEDB88320);
    private static readonly ulong[] Crc32CTables = Tables(0x82F63B78);
    private static readonly ulong[] Crc64NvmeTables = Tables(0x9A6C9329AC4BC9B5);

    private readonly ulong[] _tables;
    private readonly int _bytes;
    private readonly ulong _ones;
    private readonly Vector128<ulong> _factors;
    private ulong _crc;

    private ReflectedCrc(ulong[] tables, int bytes)
    {
        _tables = tables;
        _bytes = bytes;
        _ones = bytes == sizeof(ulong) ? ulong.MaxValue : uint.MaxValue;
        _crc = _ones;

        // The lower half has the higher powers of x. A product of reflected values is shifted by one bit, so each exponent is one less.
        _factors = Vector128.Create(Power(191), Power(127));
    }

    public static ReflectedCrc Crc32() => new(Crc32Tables, sizeof(uint));

    public static ReflectedCrc Crc32C() => new(Crc32CTables, sizeof(uint));

    public static ReflectedCrc Crc64Nvme() => new(Crc64NvmeTables, sizeof(ulong));

    public void Append(ReadOnlySpan<byte> data)
    {
        if (data.Length < 2 * FoldedBytes || !(Pclmulqdq.IsSupported || (Aes.IsSupported && BitConverter.IsLittleEndian)))
        {
            _crc = Update(_crc, data);
            return;
        }
        var folded = MemoryMarshal.Read<Vector128<ulong>>(data) ^ Vector128.CreateScalar(_crc);
        for (data = data[FoldedBytes..]; data.Length >= FoldedBytes; data = data[FoldedBytes..])
            folded = Multiply(folded) ^ MemoryMarshal.Read<Vector128<ulong>>(data);
        Span<byte> bytes = stackalloc byte[FoldedBytes];
        MemoryMarshal.Write(bytes, folded);
        _crc = Update(Update(0, bytes), data);
    }

    /// <summary>Returns the CRC of the data so far, the most significant byte first.</summary>
    public byte[] Current()
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _crc ^ _ones);
        return bytes[^_bytes..];
    }

    // Multiplies each half by its factor, which moves it 16 bytes ahead.
    private Vector128<ulong> Multiply(Vector128<ulong> folded) => Pclmulqdq.IsSupported
        ? Pclmulqdq.CarrylessMultiply(folded, _factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(folded, _factors, 0x11)
        : Aes.PolynomialMultiplyWideningLower(folded.GetLower(), _factors.GetLower()) ^ Aes.PolynomialMultiplyWideningUpper(folded, _factors);

    private ulong Update(ulong crc, ReadOnlySpan<byte> data)
    {
        var tables = _tables;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            var x = crc ^ BinaryPrimitives.ReadUInt64LittleEndian(data);
            crc = 0;
            for (var place = Slices - 1; place >= 0; place--, x >>= 8)
                crc ^= tables[(place * Values) + (byte)x];
        }
        foreach (var b in data)
            crc = tables[(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    // Returns x^exponent modulo the polynomial, bit-reflected and left-aligned in 64 bits.
    private ulong Power(int exponent)
    {
        var power = 1UL << ((8 * _bytes) - 1);
        for (; exponent > 0; exponent--)
            power = (power >> 1) ^ ((power & 1) == 0 ? 0 : _tables[128]);
        return power << (8 * (sizeof(ulong) - _bytes));
    }

    // Creates the tables of a reflected polynomial. Each table is for bytes one position earlier than the one before.
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
