namespace PeakS3Feed.Schemas.Values;

/// <summary>Exact numbers of at most 38 digits at a given scale, kept as the value times 10^scale.</summary>
internal static class DecimalValue
{
    /// <summary>The most digits, before and behind the point together.</summary>
    public const int MaxDigits = 38;

    // 64-bit arithmetic does for what money and measures need.
    private const int DigitsInULong = 18;

    /// <summary>
    /// Reads a value; false when it is not a plain number, needs more digits behind the point than the scale has (zeros at the end do
    /// not count), or has too many digits.
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

    /// <summary>How many digits a value has before the point and, as written, behind it; false when it is not a plain number.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> utf8, out int integerDigits, out int scale)
    {
        var isPlain = NumberSyntax.TryParse(utf8, out var number) && !number.HasExponent;
        integerDigits = isPlain ? number.IntegerDigits : 0;
        scale = isPlain ? number.Fraction.Length : 0;
        return isPlain;
    }
}
