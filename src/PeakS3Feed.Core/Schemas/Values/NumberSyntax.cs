namespace PeakS3Feed.Schemas.Values;

/// <summary>
/// The only accepted syntax of numbers, that of JSON: an optional minus, digits without leading zeros, an optional point with digits, an optional
/// exponent. No plus, no grouping, no blanks. Any other text is not a number.
/// </summary>
internal readonly ref struct NumberSyntax
{
    private NumberSyntax(bool negative, ReadOnlySpan<byte> integer, ReadOnlySpan<byte> fraction, bool hasExponent, int exponent)
    {
        Negative = negative;
        Integer = integer;
        Fraction = fraction;
        HasExponent = hasExponent;
        Exponent = exponent;
    }

    /// <summary>Whether the number has a minus.</summary>
    public bool Negative { get; }

    /// <summary>The digits before the point.</summary>
    public ReadOnlySpan<byte> Integer { get; }

    /// <summary>The digits after the point; may be empty.</summary>
    public ReadOnlySpan<byte> Fraction { get; }

    /// <summary>Whether the number has an exponent.</summary>
    public bool HasExponent { get; }

    /// <summary>The exponent, or 0; limited to ±9,999.</summary>
    public int Exponent { get; }

    /// <summary>The number of significant digits before the point: none for a zero.</summary>
    public int IntegerDigits => Integer is [(byte)'0'] ? 0 : Integer.Length;

    /// <summary>Whether the number is in its shortest plain form: no exponent, no zeros at the end of a fraction, no minus before zero.</summary>
    public bool IsCanonical => !HasExponent && Fraction is not [.., (byte)'0'] && !(Negative && Integer is [(byte)'0'] && Fraction.IsEmpty);

    /// <summary>Parses a number into its parts; false when it does not have this syntax.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out NumberSyntax number)
    {
        number = default;
        var negative = utf8 is [(byte)'-', ..];
        var rest = negative ? utf8[1..] : utf8;
        var integer = TakeDigits(ref rest);
        if (integer.IsEmpty || (integer.Length > 1 && integer[0] == '0'))
            return false;
        ReadOnlySpan<byte> fraction = [];
        if (rest is [(byte)'.', ..])
        {
            rest = rest[1..];
            fraction = TakeDigits(ref rest);
            if (fraction.IsEmpty)
                return false;
        }

        var exponent = 0;
        var hasExponent = rest is [(byte)'e' or (byte)'E', ..];
        if (hasExponent && !TryTakeExponent(ref rest, out exponent))
            return false;
        number = new NumberSyntax(negative, integer, fraction, hasExponent, exponent);
        return rest.IsEmpty;
    }

    private static bool TryTakeExponent(scoped ref ReadOnlySpan<byte> rest, out int exponent)
    {
        exponent = 0;
        rest = rest[1..];
        var negative = rest is [(byte)'-', ..];
        if (rest is [(byte)'-' or (byte)'+', ..])
            rest = rest[1..];
        var digits = TakeDigits(ref rest);
        foreach (var digit in digits)
            exponent = Math.Min(9_999, (exponent * 10) + digit - '0');
        exponent = negative ? -exponent : exponent;
        return !digits.IsEmpty;
    }

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> rest)
    {
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = length < 0 ? rest : rest[..length];
        rest = rest[digits.Length..];
        return digits;
    }
}
