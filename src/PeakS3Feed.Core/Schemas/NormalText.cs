using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>Texts that can be normalised.</summary>
internal static class NormalText
{
    // .NET refuses to normalise a text with this code point, although UTF-8 may contain it.
    private static readonly Rune NoCharacter = new(0xFFFE);

    /// <summary>
    /// Returns the text with U+FFFD for everything that .NET refuses to normalise: the lone surrogates that names in JSON can contain, and U+FFFE.
    /// </summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            whole.Append((rune == NoCharacter ? Rune.ReplacementChar : rune).ToString());
        return whole.ToString();
    }
}
