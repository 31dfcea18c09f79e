using System.Buffers;
using System.Text;

namespace PeakS3Feed.Sources;

/// <summary>The kinds of parts of a <see cref="Glob"/>.</summary>
internal enum GlobTokenKind
{
    /// <summary>One character.</summary>
    Literal,

    /// <summary>Any character except a slash.</summary>
    Any,

    /// <summary>One character of a class, never a slash.</summary>
    Class,

    /// <summary>Any number of characters except a slash. This kind and the following match any number of characters.</summary>
    Name,

    /// <summary>Any number of characters.</summary>
    Everything,

    /// <summary>Any number of whole folders.</summary>
    Folders,
}

/// <summary>One part of a <see cref="Glob"/>: a character, a class of characters, or a star.</summary>
internal sealed class GlobToken
{
    private readonly char _literal;
    private readonly GlobClass? _class;

    private GlobToken(GlobTokenKind kind, char literal = default, GlobClass? set = null) => (Kind, _literal, _class) = (kind, literal, set);

    /// <summary>A question mark.</summary>
    public static GlobToken Any { get; } = new(GlobTokenKind.Any);

    /// <summary>One star.</summary>
    public static GlobToken Name { get; } = new(GlobTokenKind.Name);

    /// <summary>Two stars.</summary>
    public static GlobToken Everything { get; } = new(GlobTokenKind.Everything);

    /// <summary>Two stars and a slash, from a folder's start.</summary>
    public static GlobToken Folders { get; } = new(GlobTokenKind.Folders);

    /// <summary>The kind of part.</summary>
    public GlobTokenKind Kind { get; }

    /// <summary>Whether the part matches any number of characters.</summary>
    public bool IsMany => Kind >= GlobTokenKind.Name;

    /// <summary>Creates a part that matches this character.</summary>
    public static GlobToken From(char literal) => new(GlobTokenKind.Literal, literal);

    /// <summary>Creates a part that matches a class of characters.</summary>
    public static GlobToken From(GlobClass set) => new(GlobTokenKind.Class, set: set);

    /// <summary>Returns the length of the match at the start of a text; 0 for no match. A character may be two UTF-16 code units.</summary>
    public int Match(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;
        if (Kind == GlobTokenKind.Literal)
            return text[0] == _literal ? 1 : 0;
        if (text[0] == '/')
            return 0;
        var whole = Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done;
        return Kind == GlobTokenKind.Any || _class!.Contains(whole ? rune.Value : text[0]) ? length : 0;
    }
}

/// <summary>A class of characters, in the brackets of a <see cref="Glob"/>.</summary>
internal sealed class GlobClass
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly bool _negated;

    private GlobClass(bool negated) => _negated = negated;

    /// <summary>Returns whether the class contains a character.</summary>
    public bool Contains(int character) => _ranges.Exists(r => r.First <= character && character <= r.Last) != _negated;

    /// <summary>Parses the class that begins at a bracket, and returns its length.</summary>
    /// <exception cref="Errors.FeedException"><c>GlobInvalid</c>.</exception>
    public static int Read(string pattern, int at, List<GlobToken> tokens)
    {
        var first = at + 1;
        var negated = first < pattern.Length && pattern[first] is '!' or '^';
        if (negated)
            first++;

        // A closing bracket in the first position is part of the class.
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
                throw SourceErrors.GlobInvalid(pattern, "a range of characters ends before it begins");
            set._ranges.Add((characters[i], last));
            i += isRange ? 2 : 0;
        }
        tokens.Add(GlobToken.From(set));
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
