namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>
/// Encodes an exact number as PostgreSQL's binary numeric (src/backend/utils/adt/numeric.c, numeric_recv): int16 number of digits,
/// int16 weight of the first, int16 sign, int16 display scale, then digits of base 10,000.
/// </summary>
internal static class PgNumeric
{
    private const short Negative = 0x4000;

    /// <summary>Writes value / 10^scale, with its length in front.</summary>
    public static void Write(PgBuffer buffer, Int128 value, int scale)
    {
        var magnitude = value < 0 ? (UInt128)(-value) : (UInt128)value;
        Span<short> digits = stackalloc short[24];
        var count = 0;

        // Base-10,000 digits from the least significant; the first one behind the point may be incomplete and is filled with zeros.
        var padding = (4 - (scale % 4)) % 4;
        if (padding > 0)
        {
            var unit = Power(4 - padding);
            digits[count++] = (short)((uint)(magnitude % unit) * Power(padding));
            magnitude /= unit;
        }
        while (magnitude > ulong.MaxValue)
        {
            (magnitude, var remainder) = UInt128.DivRem(magnitude, 10_000);
            digits[count++] = (short)remainder;
        }
        for (var rest = (ulong)magnitude; rest > 0;)
        {
            (rest, var remainder) = Math.DivRem(rest, 10_000UL);
            digits[count++] = (short)remainder;
        }

        var first = 0;
        while (first < count && digits[first] == 0)
            first++;
        var fractionGroups = (scale + 3) / 4;
        var weight = count - fractionGroups - 1;
        var written = count - first;
        buffer.Int32(8 + (written * 2));
        buffer.Int16((short)written);
        buffer.Int16((short)(written == 0 ? 0 : weight));
        buffer.Int16(value < 0 ? Negative : (short)0);
        buffer.Int16((short)scale);
        for (var i = count - 1; i >= first; i--)
            buffer.Int16(digits[i]);
    }

    private static uint Power(int exponent) => exponent switch { 0 => 1, 1 => 10, 2 => 100, _ => 1000 };
}
