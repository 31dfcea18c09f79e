using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Schemas;

/// <summary>
/// The numbers of one column and how each was first written, to find two texts that a type of numbers would make one: <c>3.1</c> and <c>3.10</c>,
/// <c>1E5</c> and <c>100000</c>. Zeros behind a whole number (<c>5</c>, <c>5.00</c>) are no difference.
/// </summary>
/// <param name="budget">How many more numbers all columns may remember together.</param>
internal sealed class NumberTexts(NumberTexts.Budget budget)
{
    /// <summary>The most numbers that a column remembers. Later ones are compared with these alone.</summary>
    public const int MaxOfColumn = 16_384;

    private const byte WithExponent = 0;
    private const byte Plain = 1;

    // By hash, so that a long number takes no more room; should two numbers ever have one hash, the column may become text, which keeps both.
    private readonly Dictionary<ulong, byte> _forms = [];

    /// <summary>Takes a number; true when another text of the same number was taken before.</summary>
    public bool IsOtherText(NumberSyntax number)
    {
        var form = FormOf(number);
        var hash = Hash(number);
        if (_forms.TryGetValue(hash, out var before))
            return before != form;
        if (_forms.Count < MaxOfColumn && budget.Take())
            _forms.Add(hash, form);
        return false;
    }

    private static byte FormOf(NumberSyntax number)
    {
        if (number.HasExponent)
            return WithExponent;
        var digits = number.Fraction.TrimEnd((byte)'0').Length;
        return digits == 0 ? Plain : (byte)Math.Min(byte.MaxValue, Plain + number.Fraction.Length - digits);
    }

    // FNV-1a over the sign, the digits without zeros on either side, and the power of ten of the last one.
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

    /// <summary>How many numbers the columns of a sample may remember together: the memory that takes is some 8 MB.</summary>
    internal sealed class Budget
    {
        private int _left = 262_144;

        /// <summary>Takes one, if any is left.</summary>
        public bool Take() => _left > 0 && _left-- > 0;
    }
}
