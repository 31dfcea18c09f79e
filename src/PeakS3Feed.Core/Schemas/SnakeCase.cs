using System.Globalization;
using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>Converts field names to snake_case.</summary>
internal static class SnakeCase
{
    /// <summary>Returns the words of a name in lower case, joined by underscores; empty when the name has no letter or digit.</summary>
    public static string From(string field)
    {
        var runes = NormalText.Of(field).Normalize(NormalizationForm.FormKC).EnumerateRunes().ToArray();
        var words = new StringBuilder(field.Length + 8);
        var pending = false;
        for (var i = 0; i < runes.Length; i++)
        {
            var rune = runes[i];
            if (!IsPartOfWord(rune))
            {
                pending = words.Length > 0;
                continue;
            }

            if (Rune.IsUpper(rune) && i > 0 && BeginsWord(runes, i))
                pending = words.Length > 0;
            if (pending)
                words.Append('_');
            pending = false;
            words.Append(Folded(Rune.ToLowerInvariant(rune), words));
        }

        return words.ToString();
    }

    // Matches fooBar, foo2Bar, and the last capital of HTTPServer.
    private static bool BeginsWord(Rune[] runes, int upper)
    {
        var previous = runes[upper - 1];
        return Rune.IsLower(previous) || Rune.IsDigit(previous)
            || (Rune.IsUpper(previous) && upper + 1 < runes.Length && Rune.IsLower(runes[upper + 1]));
    }

    private static bool IsPartOfWord(Rune rune)
        => Rune.IsLetterOrDigit(rune) || IsMark(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.LetterNumber;

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Latin letters lose their accents. Letters of other scripts keep their marks, because they would be other letters without them.
    private static string Folded(Rune lower, StringBuilder before)
    {
        if (lower.IsAscii)
            return lower.ToString();
        if (IsMark(lower))
            return before.Length > 0 && !char.IsAscii(before[^1]) ? lower.ToString() : "";
        var spelled = lower.Value switch
        {
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'ł' => "l",
            'đ' or 'ð' => "d",
            'þ' => "th",
            'ı' => "i",
            _ => null,
        };
        if (spelled is not null)
            return spelled;
        var decomposed = lower.ToString().Normalize(NormalizationForm.FormD);
        return char.IsAsciiLetter(decomposed[0]) ? decomposed[..1].ToLowerInvariant() : lower.ToString();
    }
}
