using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Aes = System.Runtime.Intrinsics.Arm.Aes;
using Pclmulqdq = System.Runtime.Intrinsics.X86.Pclmulqdq;

namespace PeakS3Feed.Files;

/// <summary>
/// Computes reflected CRCs with an initial value and a final XOR of ones: CRC-32, CRC-32C and CRC-64/NVME. If the processor has carry-less
/// multiplication, 16 bytes at a time are folded into 16 bytes behind them, which does not change the remainder. The rest, or everything, uses eight
/// tables, one for each byte of 64 bits.
/// </summary>
internal sealed class ReflectedCrc
{
    private const int FoldedBytes = 16;
    private const int Lanes = 4;
    private const int Slices = sizeof(ulong);
    private const int Values = 256;

    private static readonly Polynomial Polynomial32 = new(0xEDB88320, sizeof(uint));
    private static readonly Polynomial Polynomial32C = new(0x82F63B78, sizeof(uint));
    private static readonly Polynomial Polynomial64Nvme = new(0x9A6C9329AC4BC9B5, sizeof(ulong));

    private readonly Polynomial _polynomial;
    private readonly ulong _ones;
    private ulong _crc;

    private ReflectedCrc(Polynomial polynomial)
    {
        _polynomial = polynomial;
        _ones = polynomial.Bytes == sizeof(ulong) ? ulong.MaxValue : uint.MaxValue;
        _crc = _ones;
    }

    public static ReflectedCrc Crc32() => new(Polynomial32);

    public static ReflectedCrc Crc32C() => new(Polynomial32C);

    public static ReflectedCrc Crc64Nvme() => new(Polynomial64Nvme);

    public void Append(ReadOnlySpan<byte> data)
    {
        if (data.Length < 2 * FoldedBytes || !(Pclmulqdq.IsSupported || (Aes.IsSupported && BitConverter.IsLittleEndian)))
        {
            _crc = Update(_crc, data);
            return;
        }
        var folded = Fold(data, out var left);
        data = data[^left..];
        Span<byte> bytes = stackalloc byte[FoldedBytes];
        MemoryMarshal.Write(bytes, folded);
        _crc = Update(Update(0, bytes), data);
    }

    /// <summary>Returns the CRC of the data so far, the most significant byte first.</summary>
    public byte[] Current()
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _crc ^ _ones);
        return bytes[^_polynomial.Bytes..];
    }

    // Several lanes, each 16 of 64 bytes, keep the processor busy; one multiplication takes longer than until the next one can begin.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<ulong> Fold(ReadOnlySpan<byte> data, out int left)
    {
        var first = Read(data) ^ Vector128.CreateScalar(_crc);
        data = data[FoldedBytes..];
        if (data.Length >= ((2 * Lanes) - 1) * FoldedBytes)
        {
            var (second, third, fourth) = (Read(data), Read(data[FoldedBytes..]), Read(data[(2 * FoldedBytes)..]));
            var far = _polynomial.Far;
            for (data = data[((Lanes - 1) * FoldedBytes)..]; data.Length >= Lanes * FoldedBytes; data = data[(Lanes * FoldedBytes)..])
            {
                first = Multiply(first, far) ^ Read(data);
                second = Multiply(second, far) ^ Read(data[FoldedBytes..]);
                third = Multiply(third, far) ^ Read(data[(2 * FoldedBytes)..]);
                fourth = Multiply(fourth, far) ^ Read(data[(3 * FoldedBytes)..]);
            }

            first = Multiply(Multiply(Multiply(first, _polynomial.Near) ^ second, _polynomial.Near) ^ third, _polynomial.Near) ^ fourth;
        }

        for (; data.Length >= FoldedBytes; data = data[FoldedBytes..])
            first = Multiply(first, _polynomial.Near) ^ Read(data);
        left = data.Length;
        return first;
    }

    private static Vector128<ulong> Read(ReadOnlySpan<byte> data) => MemoryMarshal.Read<Vector128<ulong>>(data);

    // Multiplies each half by its factor, which moves it ahead.
    private static Vector128<ulong> Multiply(Vector128<ulong> folded, Vector128<ulong> factors) => Pclmulqdq.IsSupported
        ? Pclmulqdq.CarrylessMultiply(folded, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(folded, factors, 0x11)
        : Aes.PolynomialMultiplyWideningLower(folded.GetLower(), factors.GetLower()) ^ Aes.PolynomialMultiplyWideningUpper(folded, factors);

    private ulong Update(ulong crc, ReadOnlySpan<byte> data)
    {
        var tables = _polynomial.Tables;
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

    /// <summary>A polynomial with its tables, and the factors that move the two halves of 16 bytes ahead.</summary>
    private sealed class Polynomial
    {
        public Polynomial(ulong reflected, int bytes)
        {
            Tables = CreateTables(reflected);
            Bytes = bytes;

            // The lower half has the higher powers of x. A product of reflected values is shifted by one bit, so each exponent is one less.
            Near = Vector128.Create(Power(191), Power(127));
            Far = Vector128.Create(Power((8 * Lanes * FoldedBytes) + 63), Power((8 * Lanes * FoldedBytes) - 1));
        }

        public ulong[] Tables { get; }

        public int Bytes { get; }

        /// <summary>Moves them by 16 bytes.</summary>
        public Vector128<ulong> Near { get; }

        /// <summary>Moves them by 64 bytes.</summary>
        public Vector128<ulong> Far { get; }

        // Returns x^exponent modulo the polynomial, bit-reflected and left-aligned in 64 bits.
        private ulong Power(int exponent)
        {
            var power = 1UL << ((8 * Bytes) - 1);
            for (; exponent > 0; exponent--)
                power = (power >> 1) ^ ((power & 1) == 0 ? 0 : Tables[128]);
            return power << (8 * (sizeof(ulong) - Bytes));
        }

        // Creates the tables of a reflected polynomial. Each table is for bytes one position earlier than the one before.
        private static ulong[] CreateTables(ulong polynomial)
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
}
