using System.Globalization;

namespace PeakS3Feed.Schemas.Values;

/// <summary>Parses IEEE 754 doubles that represent the written number exactly: formatting the double gives the same number.</summary>
internal static class DoubleValue
{
    // Every number of up to 15 digits survives the conversion to a double of normal size and back. Some of 16 and 17 digits do, and none with more.
    private const int DigitsThatAlwaysSurvive = 15;
    private const int MaxDigits = 17;
    private const double SmallestNormal = 2.2250738585072014E-308;

    /// <summary>Parses a value, plain or with an exponent; false when it would change, or is NaN, infinite or not a number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out double value)
    {
        if (ShortNumber.TryParse(utf8, out var plain) && plain.IntegerDigits + plain.FractionDigits <= DigitsThatAlwaysSurvive)
        {
            // Both operands are exact, so their quotient is the double nearest to the number (Clinger, "How to read floating point numbers
            // accurately").
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

    // Returns the digits without zeros at either end, and the power of ten of the last digit; no digits for zero.
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
