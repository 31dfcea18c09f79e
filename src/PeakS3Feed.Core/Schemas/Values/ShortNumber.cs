using System.Runtime.InteropServices;

namespace PeakS3Feed.Schemas.Values;

/// <summary>
/// A plain number of at most 18 digits, as nearly all are, read in one go. What it does not take may be a number all the same:
/// <see cref="NumberSyntax"/> tells.
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

    /// <summary>Whether a minus stands before it, be it a zero.</summary>
    public bool Negative { get; }

    /// <summary>All its digits, as if there were no point.</summary>
    public long Digits { get; }

    /// <summary>How many stand before the point.</summary>
    public int IntegerDigits { get; }

    /// <summary>How many stand behind the point.</summary>
    public int FractionDigits { get; }

    /// <summary>The number times 10^scale, which has 18 digits at most; the scale is not smaller than <see cref="FractionDigits"/>.</summary>
    public long Scaled(int scale)
    {
        var value = Digits * Powers[scale - FractionDigits];
        return Negative ? -value : value;
    }

    /// <summary>10^exponent, which is 18 at most.</summary>
    public static long PowerOfTen(int exponent) => Powers[exponent];

    /// <summary>Reads a number; false where it is not plain and short.</summary>
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
