using System.Runtime.InteropServices;

namespace PeakS3Feed.Schemas.Values;

/// <summary>
/// A plain number of at most 18 digits, as nearly all are, parsed in one pass. A text that it does not accept may still be a number:
/// <see cref="NumberSyntax"/> decides.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ShortNumber
{
    private const int MaxDigits = 18;

    private static ReadOnlySpan<long> Powers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000,
        10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    private ShortNumber(bool negative, long digits, int integerDigits, int fractionDigits)
        => (Negative, Digits, IntegerDigits, FractionDigits) = (negative, digits, integerDigits, fractionDigits);

    /// <summary>Whether the number has a minus, even if it is zero.</summary>
    public bool Negative { get; }

    /// <summary>All digits, without the point.</summary>
    public long Digits { get; }

    /// <summary>The number of digits before the point.</summary>
    public int IntegerDigits { get; }

    /// <summary>The number of digits after the point.</summary>
    public int FractionDigits { get; }

    /// <summary>
    /// Returns the number times 10^scale, which must have at most 18 digits. The scale must not be smaller than <see cref="FractionDigits"/>.
    /// </summary>
    public long Scaled(int scale)
    {
        var value = Digits * Powers[scale - FractionDigits];
        return Negative ? -value : value;
    }

    /// <summary>Returns 10^exponent; the exponent is at most 18.</summary>
    public static long PowerOfTen(int exponent) => Powers[exponent];

    /// <summary>Parses a number; false when it is not plain and short.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out ShortNumber number)
    {
        number = default;
        var first = !utf8.IsEmpty && utf8[0] == '-' ? 1 : 0;
        if (utf8.Length - first is 0 or > MaxDigits)
            return false;
        var digits = 0L;
        var at = first;
        for (; at < utf8.Length && (uint)(utf8[at] - '0') <= 9; at++)
            digits = (digits * 10) + (utf8[at] - '0');
        var integer = at - first;
        var fraction = 0;
        if (at < utf8.Length)
        {
            fraction = utf8.Length - at - 1;
            if (utf8[at] != '.' || fraction == 0)
                return false;
            for (at++; at < utf8.Length && (uint)(utf8[at] - '0') <= 9; at++)
                digits = (digits * 10) + (utf8[at] - '0');
        }

        if (at < utf8.Length || integer == 0 || (integer > 1 && utf8[first] == '0'))
            return false;
        number = new ShortNumber(first == 1, digits, integer, fraction);
        return true;
    }
}
