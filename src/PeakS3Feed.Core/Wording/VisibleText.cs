using System.Globalization;
using System.Text;

namespace PeakS3Feed.Wording;

/// <summary>
/// Text from files, keys and services as it may be shown: what would move the cursor, change colours or turn the direction of
/// writing is written as an escape, as JSON does it. Tabs stay.
/// </summary>
public static class VisibleText
{
    /// <summary>The text; the same one where nothing is hidden in it.</summary>
    public static string Escape(string text)
    {
        if (!text.EnumerateRunes().Any(IsHidden))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsHidden(rune))
                visible.Append(rune);
            else if (rune.Value is '\n' or '\r')
                visible.Append(rune.Value == '\n' ? @"\n" : @"\r");
            else
                foreach (var unit in rune.ToString())
                    visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
        return visible.ToString();
    }

    private static bool IsHidden(Rune rune) => rune.Value != '\t' && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
