using System.Buffers;
using System.Text;

namespace PeakS3Feed.Sources;

/// <summary>The characters between the brackets of a <see cref="Glob"/>.</summary>
internal sealed class GlobClass
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly bool _negated;

    private GlobClass(bool negated) => _negated = negated;

    /// <summary>Whether a character is one of them.</summary>
    public bool Holds(int character) => _ranges.Exists(r => r.First <= character && character <= r.Last) != _negated;

    /// <summary>Reads the class that begins at the bracket; gives its length.</summary>
    /// <exception cref="Errors.FeedException"><c>GlobInvalid</c>.</exception>
    public static int Read(string pattern, int at, List<GlobToken> tokens)
    {
        var first = at + 1;
        var negated = first < pattern.Length && pattern[first] is '!' or '^';
        if (negated)
            first++;

        // A closing bracket in the first place belongs to the class.
        var end = first < pattern.Length ? pattern.IndexOf(']', first + 1) : -1;
        if (end < 0)
            throw SourceErrors.GlobInvalid(pattern, "a bracket is not closed");
        var set = new GlobClass(negated);
        var characters = Characters(pattern.AsSpan(first, end - first));
        for (var i = 0; i < characters.Count; i++)
        {
            var isRange = i + 2 < characters.Count && characters[i + 1] == '-';
            var last = characters[isRange ? i + 2 : i];
            if (last < characters[i])
                throw SourceErrors.GlobInvalid(pattern, "a class of characters in it ends before it begins");
            set._ranges.Add((characters[i], last));
            i += isRange ? 2 : 0;
        }
        tokens.Add(GlobToken.Of(set));
        return end + 1 - at;
    }

    private static List<int> Characters(ReadOnlySpan<char> text)
    {
        var characters = new List<int>();
        while (!text.IsEmpty)
        {
            var whole = Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done;
            characters.Add(whole ? rune.Value : text[0]);
            text = text[length..];
        }
        return characters;
    }
}
