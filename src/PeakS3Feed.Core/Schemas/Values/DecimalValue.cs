namespace PeakS3Feed.Schemas.Values;

/// <summary>Parses exact numbers of at most 38 digits at a given scale, as the value times 10^scale.</summary>
internal static class DecimalValue
{
    /// <summary>The maximum number of digits, before and after the point together.</summary>
    public const int MaxDigits = 38;

    // 64-bit arithmetic is enough for most amounts and measures.
    private const int DigitsInULong = 18;

    /// <summary>
    /// Parses a value; false when it is not a plain number, has more digits after the point than the scale (zeros at the end do not count), or too
    /// many digits.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, int scale, out Int128 value)
    {
        if (ShortNumber.TryParse(utf8, out var plain) && plain.FractionDigits <= scale && plain.IntegerDigits + scale <= DigitsInULong)
        {
            value = plain.Scaled(scale);
            return true;
        }

        value = 0;
        if (!NumberSyntax.TryParse(utf8, out var number) || number.HasExponent)
            return false;
        var fraction = number.Fraction;
        if (fraction.Length > scale)
            fraction = fraction.TrimEnd((byte)'0');
        if (fraction.Length > scale || number.IntegerDigits + scale > MaxDigits)
            return false;
        var large = UInt128.Zero;
        foreach (var digit in number.Integer)
            large = (large * 10) + (uint)(digit - '0');
        foreach (var digit in fraction)
            large = (large * 10) + (uint)(digit - '0');
        for (var padding = scale - fraction.Length; padding > 0; padding--)
            large *= 10;
        value = number.Negative ? -(Int128)large : (Int128)large;
        return true;
    }

    /// <summary>Counts the digits of a value before the point and, as written, after it; false when it is not a plain number.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> utf8, out int integerDigits, out int scale)
    {
        var isPlain = NumberSyntax.TryParse(utf8, out var number) && !number.HasExponent;
        integerDigits = isPlain ? number.IntegerDigits : 0;
        scale = isPlain ? number.Fraction.Length : 0;
        return isPlain;
    }
}
