using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Remembers the numbers of one column and the form in which each first occurred. It detects two texts of one number that a numeric type would merge:
/// <c>3.1</c> and <c>3.10</c>, <c>1E5</c> and <c>100000</c>. Zeros after a whole number (<c>5</c>, <c>5.00</c>) do not count as a difference.
/// </summary>
/// <param name="budget">How many numbers all columns together may still remember.</param>
internal sealed class NumberTexts(NumberTexts.Budget budget)
{
    /// <summary>The maximum number of numbers that a column remembers. Later numbers are compared with these only.</summary>
    public const int MaxOfColumn = 16_384;

    private const byte WithExponent = 0;
    private const byte Plain = 1;

    // Numbers are stored by hash, so that a long number takes no more memory. If two numbers ever have the same hash, the column may become text,
    // which is lossless.
    private readonly Dictionary<ulong, byte> _forms = [];

    /// <summary>Adds a number; true when another text of the same number was added before.</summary>
    public bool IsOtherText(NumberSyntax number)
    {
        var form = GetForm(number);
        var hash = Hash(number);
        if (_forms.TryGetValue(hash, out var before))
            return before != form;
        if (_forms.Count < MaxOfColumn && budget.Take())
            _forms.Add(hash, form);
        return false;
    }

    private static byte GetForm(NumberSyntax number)
    {
        if (number.HasExponent)
            return WithExponent;
        var digits = number.Fraction.TrimEnd((byte)'0').Length;
        return digits == 0 ? Plain : (byte)Math.Min(byte.MaxValue, Plain + number.Fraction.Length - digits);
    }

    // FNV-1a over the sign, the digits without zeros at either end, and the power of ten of the last digit.
    private static ulong Hash(NumberSyntax number)
    {
        var (first, last) = (-1, -1);
        var digits = number.Integer.Length + number.Fraction.Length;
        for (var i = 0; i < digits; i++)
        {
            if (DigitAt(number, i) == '0')
                continue;
            first = first < 0 ? i : first;
            last = i;
        }

        var hash = 14_695_981_039_346_656_037UL;
        if (first < 0)
            return hash;
        hash = Add(hash, number.Negative ? '-' : '+');
        for (var i = first; i <= last; i++)
            hash = Add(hash, DigitAt(number, i));
        var exponent = number.Exponent + number.Integer.Length - 1 - last;
        for (var shift = 0; shift < 32; shift += 8)
            hash = Add(hash, (exponent >> shift) & 0xFF);
        return hash;
    }

    private static int DigitAt(NumberSyntax number, int at)
        => at < number.Integer.Length ? number.Integer[at] : number.Fraction[at - number.Integer.Length];

    private static ulong Add(ulong hash, int value) => unchecked((hash ^ (uint)value) * 1_099_511_628_211UL);

    /// <summary>How many numbers all columns of a sample may remember together, which takes about 8 MB of memory.</summary>
    internal sealed class Budget
    {
        private int _left = 262_144;

        /// <summary>Takes one number from the budget; false when none is left.</summary>
        public bool Take() => _left > 0 && _left-- > 0;
    }
}
