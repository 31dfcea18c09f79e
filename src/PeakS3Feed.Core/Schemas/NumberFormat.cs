using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Numbers with another decimal separator than a point, or with groups of digits. Either all digits before the decimal separator are in groups of
/// three, of which the first may be shorter, or none are. Immutable.
/// </summary>
public sealed class NumberFormat
{
    /// <summary>The number of bytes that hardly any number exceeds.</summary>
    internal const int UsualBytes = 64;

    private const int DigitsInGroup = 3;

    private readonly byte[] _decimal;
    private readonly byte[] _group;

    /// <summary>Creates a format.</summary>
    /// <param name="decimalSeparator">The character before the fraction.</param>
    /// <param name="groupSeparator">The character between groups; null for none.</param>
    public NumberFormat(char decimalSeparator, char? groupSeparator)
    {
        _decimal = Encoding.UTF8.GetBytes([decimalSeparator]);
        _group = groupSeparator is { } group ? Encoding.UTF8.GetBytes([group]) : [];
    }

    /// <summary>Whether a character can separate digits: it is not a digit, a letter, a sign or a line end.</summary>
    internal static bool CanSeparate(char character)
        => !char.IsLetterOrDigit(character) && !char.IsSurrogate(character) && !char.IsControl(character) && character is not ('-' or '+');

    /// <summary>
    /// Writes a number as other parsers expect it: with a point, and without groups. False if it is not a number of this format. What follows the
    /// decimal separator, and an exponent, are only copied.
    /// </summary>
    /// <param name="utf8">The number.</param>
    /// <param name="plain">Room for the result: as many bytes.</param>
    /// <param name="length">The number of bytes of the result.</param>
    /// <param name="hasGroups">Whether the number has a group separator.</param>
    internal bool TryWritePlain(ReadOnlySpan<byte> utf8, Span<byte> plain, out int length, out bool hasGroups)
    {
        length = 0;
        hasGroups = false;
        var rest = utf8;
        if (rest is [(byte)'-', ..])
            rest = rest[TakeDigits(rest, 1, plain, ref length)..];
        var digits = CountDigits(rest);
        rest = rest[TakeDigits(rest, digits, plain, ref length)..];
        while (_group.Length > 0 && rest.StartsWith(_group))
        {
            if (!hasGroups && digits is 0 or > DigitsInGroup)
                return false;
            hasGroups = true;
            rest = rest[_group.Length..];
            if (CountDigits(rest) != DigitsInGroup)
                return false;
            rest = rest[TakeDigits(rest, DigitsInGroup, plain, ref length)..];
        }

        if (rest.StartsWith(_decimal))
        {
            plain[length++] = (byte)'.';
            rest = rest[_decimal.Length..];
        }
        else if (rest is not ([] or [(byte)'e' or (byte)'E', ..]))
        {
            return false;
        }

        TakeDigits(rest, rest.Length, plain, ref length);
        return true;
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    private static int TakeDigits(ReadOnlySpan<byte> text, int count, Span<byte> plain, ref int length)
    {
        text[..count].CopyTo(plain[length..]);
        length += count;
        return count;
    }
}
