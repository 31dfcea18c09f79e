using System.Text;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Schemas;

/// <summary>
/// The accepted forms of booleans: true and false, and the pairs of texts that a feed specifies, all in any case of ASCII letters. Immutable.
/// </summary>
public sealed class BooleanFormat
{
    private const int MaxPairs = 16;
    private const char Slash = '/';

    private readonly (byte[] True, byte[] False, bool IsNumeric)[] _pairs;

    /// <summary>Creates a format.</summary>
    /// <param name="pairs">Texts for true and false, such as <c>Y/N</c>.</param>
    public BooleanFormat(IReadOnlyList<string> pairs) => _pairs = [.. pairs.Select(Split)];

    /// <summary>The words true and false only.</summary>
    public static BooleanFormat Words { get; } = new([]);

    /// <summary>Whether the feed specifies pairs.</summary>
    internal bool HasPairs => _pairs.Length > 0;

    /// <summary>The set of all pairs that a type inference considers, one bit each; the lowest one is true and false.</summary>
    internal uint AllPairs => (1u << (_pairs.Length + 1)) - 1;

    /// <summary>Returns why the pairs cannot be used, or null.</summary>
    internal static string? FindProblem(IReadOnlyList<string> pairs)
    {
        if (pairs.Count > MaxPairs)
            return $"BooleanValues has more than {MaxPairs} pairs.";
        var meanings = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase) { ["true"] = true, ["false"] = false };
        foreach (var pair in pairs)
        {
            if (pair.Split(Slash) is not [{ Length: > 0 } yes, { Length: > 0 } no])
                return $"\"{pair}\" is not a pair.";
            foreach (var (text, meaning) in new[] { (yes, true), (no, false) })
            {
                if (meanings.TryGetValue(text, out var other) && other != meaning)
                    return $"\"{text}\" means both true and false.";
                meanings[text] = meaning;
            }
        }

        return null;
    }

    /// <summary>Parses a value.</summary>
    internal bool TryParse(ReadOnlySpan<byte> utf8, out bool value)
    {
        if (BooleanValue.TryParse(utf8, out value))
            return true;
        foreach (var (yes, no, _) in _pairs)
        {
            value = AreSame(utf8, yes);
            if (value || AreSame(utf8, no))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Returns the pairs that have this value, as in <see cref="AllPairs"/>. Texts that are numbers are of no pair: a column of 0 and 1 has numbers
    /// unless it is set to boolean.
    /// </summary>
    internal uint PairsOf(ReadOnlySpan<byte> utf8)
    {
        var pairs = BooleanValue.TryParse(utf8, out _) ? 1u : 0u;
        for (var pair = 0; pair < _pairs.Length; pair++)
        {
            var (yes, no, isNumeric) = _pairs[pair];
            if (!isNumeric && (AreSame(utf8, yes) || AreSame(utf8, no)))
                pairs |= 2u << pair;
        }

        return pairs;
    }

    private static (byte[] True, byte[] False, bool IsNumeric) Split(string pair)
    {
        var slash = pair.IndexOf(Slash, StringComparison.Ordinal);
        var (yes, no) = (Encoding.UTF8.GetBytes(pair[..slash]), Encoding.UTF8.GetBytes(pair[(slash + 1)..]));
        return (yes, no, NumberSyntax.TryParse(yes, out _) || NumberSyntax.TryParse(no, out _));
    }

    private static bool AreSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
            return false;
        for (var at = 0; at < left.Length; at++)
        {
            if (left[at] != right[at] && (!char.IsAsciiLetter((char)left[at]) || (left[at] ^ right[at]) != 0x20))
                return false;
        }

        return true;
    }
}
