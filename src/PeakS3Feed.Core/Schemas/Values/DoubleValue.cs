using System.Globalization;

namespace PeakS3Feed.Schemas.Values;

/// <summary>IEEE 754 doubles that stand for exactly the number that is written: it comes back when the double is written out again.</summary>
internal static class DoubleValue
{
    // Every number of so many digits survives the way through a double of normal size; of 17 only some do, of more none.
    private const int DigitsThatAlwaysSurvive = 15;
    private const int MaxDigits = 17;
    private const double SmallestNormal = 2.2250738585072014E-308;

    /// <summary>Reads a value, plain or with an exponent; false when it would change, or is NaN, infinite or not a number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out double value)
    {
        if (ShortNumber.TryParse(utf8, out var plain) && plain.IntegerDigits + plain.FractionDigits <= DigitsThatAlwaysSurvive)
        {
            // Both are exact, so their quotient is the double nearest to the number (Clinger, "How to read floating point numbers accurately").
            var magnitude = plain.Digits / (double)ShortNumber.PowerOfTen(plain.FractionDigits);
            value = plain.Negative ? -magnitude : magnitude;
            return true;
        }

        value = 0;
        Span<byte> digits = stackalloc byte[MaxDigits];
        if (!NumberSyntax.TryParse(utf8, out var number)
            || !TryNormalize(number, digits, out var count, out var exponent)
            || !double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            || !double.IsFinite(value))
            return false;
        if (count == 0)
            return true;
        if (count <= DigitsThatAlwaysSurvive && Math.Abs(value) >= SmallestNormal)
            return true;

        Span<byte> written = stackalloc byte[32];
        Span<byte> writtenDigits = stackalloc byte[MaxDigits];
        return value.TryFormat(written, out var length, "R", CultureInfo.InvariantCulture)
            && NumberSyntax.TryParse(written[..length], out var back)
            && TryNormalize(back, writtenDigits, out var backCount, out var backExponent)
            && exponent == backExponent
            && digits[..count].SequenceEqual(writtenDigits[..backCount]);
    }

    // The digits without zeros on either side, and the power of ten of the last one; no digits for zero.
    private static bool TryNormalize(NumberSyntax number, Span<byte> digits, out int count, out int exponent)
    {
        count = 0;
        exponent = number.Exponent;
        var zeros = 0;
        for (var i = 0; i < number.Integer.Length + number.Fraction.Length; i++)
        {
            var behindPoint = i - number.Integer.Length;
            var digit = behindPoint < 0 ? number.Integer[i] : number.Fraction[behindPoint];
            exponent -= behindPoint >= 0 ? 1 : 0;
            if (digit == '0')
            {
                zeros += count > 0 ? 1 : 0;
                continue;
            }

            if (count + zeros >= digits.Length)
                return false;
            digits.Slice(count, zeros).Fill((byte)'0');
            count += zeros;
            zeros = 0;
            digits[count++] = digit;
        }

        exponent += zeros;
        return true;
    }
}
