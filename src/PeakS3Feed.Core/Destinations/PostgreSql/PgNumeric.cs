using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// Encodes an exact number as PostgreSQL's binary numeric (src/backend/utils/adt/numeric.c, numeric_recv): int16 number of digits,
/// int16 weight of the first, int16 sign, int16 display scale, then digits of base 10,000.
/// </summary>
internal static class PgNumeric
{
    /// <summary>The maximum number of bytes of a number: 39 digits and three zeros are eleven digits of base 10,000.</summary>
    public const int MaxBytes = 8 + (2 * MaxDigits);

    private const int MaxDigits = 11;
    private const short Negative = 0x4000;

    /// <summary>Writes value / 10^scale; returns the number of bytes.</summary>
    public static int Write(Span<byte> output, Int128 value, int scale)
    {
        Span<ushort> digits = stackalloc ushort[MaxDigits];
        var count = Split(value < 0 ? (UInt128)(-value) : (UInt128)value, (4 - (scale % 4)) % 4, digits);
        var first = 0;
        while (first < count && digits[first] == 0)
            first++;
        var written = count - first;
        var weight = written == 0 ? 0 : count - ((scale + 3) / 4) - 1;

        var length = 8 + (written * 2);
        output = output[..length];
        BinaryPrimitives.WriteInt16BigEndian(output, (short)written);
        BinaryPrimitives.WriteInt16BigEndian(output[2..], (short)weight);
        BinaryPrimitives.WriteInt16BigEndian(output[4..], value < 0 ? Negative : (short)0);
        BinaryPrimitives.WriteInt16BigEndian(output[6..], (short)scale);
        for (var i = 0; i < written; i++)
            BinaryPrimitives.WriteUInt16BigEndian(output[(8 + (i * 2))..], digits[count - 1 - i]);
        return length;
    }

    /// <summary>Splits into digits of base 10,000, the lowest first; zeros fill up the last one behind the point.</summary>
    private static int Split(UInt128 magnitude, int zeros, Span<ushort> digits)
    {
        var count = 0;
        if (magnitude > ulong.MaxValue / 1000)
        {
            if (zeros > 0)
            {
                (magnitude, var part) = UInt128.DivRem(magnitude, Power(4 - zeros));
                digits[count++] = (ushort)((uint)part * Power(zeros));
            }
            while (magnitude > ulong.MaxValue)
            {
                (magnitude, var digit) = UInt128.DivRem(magnitude, 10_000);
                digits[count++] = (ushort)digit;
            }
            zeros = 0;
        }
        for (var rest = (ulong)magnitude * Power(zeros); rest > 0;)
        {
            (rest, var digit) = Math.DivRem(rest, 10_000UL);
            digits[count++] = (ushort)digit;
        }
        return count;
    }

    private static uint Power(int exponent) => exponent switch { 0 => 1, 1 => 10, 2 => 100, _ => 1000 };
}

/// <summary>The numbers of some rows in binary form: their length is known only once they are encoded. Grows with the rows of a call.</summary>
internal sealed class PgNumericColumn
{
    private byte[] _bytes = [];
    private int[] _offsets = [0];

    /// <summary>The encoded numbers, one after the other.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Where each number begins, and then where the last one ends; NULL takes no bytes.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(FixedVector<Int128> vector, int first, int count)
    {
        if (count >= _offsets.Length)
        {
            _offsets = new int[count + 1];
            _bytes = new byte[count * PgNumeric.MaxBytes];
        }
        var values = vector.Values.Slice(first, count);
        var scale = vector.Column.Scale;
        var end = 0;
        for (var row = 0; row < count; row++)
        {
            if (!vector.HasNulls || !vector.IsNull(first + row))
                end += PgNumeric.Write(_bytes.AsSpan(end), values[row], scale);
            _offsets[row + 1] = end;
        }
    }
}
