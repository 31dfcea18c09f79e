using System.Buffers;
using System.Text;

namespace PeakS3Feed.Sources;

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

    /// <summary>What it is.</summary>
    public GlobTokenKind Kind { get; }

    /// <summary>Whether it stands for any number of characters.</summary>
    public bool IsMany => Kind >= GlobTokenKind.Name;

    /// <summary>A character that stands for itself.</summary>
    public static GlobToken Of(char literal) => new(GlobTokenKind.Literal, literal);

    /// <summary>A class of characters.</summary>
    public static GlobToken Of(GlobClass set) => new(GlobTokenKind.Class, set: set);

    /// <summary>How much of the text it takes; 0 where it does not match. One character of a key may be two of .NET's.</summary>
    public int Match(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;
        if (Kind == GlobTokenKind.Literal)
            return text[0] == _literal ? 1 : 0;
        if (text[0] == '/')
            return 0;
        var whole = Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done;
        return Kind == GlobTokenKind.Any || _class!.Holds(whole ? rune.Value : text[0]) ? length : 0;
    }
}
