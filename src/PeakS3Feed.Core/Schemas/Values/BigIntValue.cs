namespace PeakS3Feed.Schemas.Values;

/// <summary>Parses 64-bit integers in their canonical form: <c>-12</c>; not <c>+12</c>, <c>012</c> or <c>-0</c>.</summary>
internal static class BigIntValue
{
    private const int MaxDigits = 19;

    /// <summary>Parses a value; false when it is out of range or not in that form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long value)
    {
        value = 0;
        var negative = utf8 is [(byte)'-', ..];
        var digits = negative ? utf8[1..] : utf8;
        if (digits.IsEmpty || digits.Length > MaxDigits || (digits[0] == '0' && utf8.Length > 1))
            return false;
        var magnitude = 0UL;
        foreach (var digit in digits)
        {
            var number = (uint)digit - '0';
            if (number > 9)
                return false;
            magnitude = (magnitude * 10) + number;
        }

        if (magnitude > (ulong)long.MaxValue + (negative ? 1UL : 0UL))
            return false;
        value = unchecked(negative ? (long)(0 - magnitude) : (long)magnitude);
        return true;
    }
}
