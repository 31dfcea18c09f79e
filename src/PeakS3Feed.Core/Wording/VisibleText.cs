using System.Globalization;
using System.Text;

namespace PeakS3Feed.Wording;

/// <summary>
/// Escapes text from files, keys and services for display. Characters that move the cursor, change colours or change the direction of writing become
/// escapes as in JSON. Tabs stay.
/// </summary>
public static class VisibleText
{
    /// <summary>Returns the escaped text; the same text if nothing needs an escape.</summary>
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

    /// <summary>Returns a value for a view: text is escaped, its tabs too, as are the texts of a list; other values stay.</summary>
    public static object? Show(object? value) => value switch
    {
        string text => OneLine(text),
        IEnumerable<string> texts => texts.Select(OneLine).ToArray(),
        _ => value,
    };

    private static string OneLine(string text) => Escape(text).Replace("\t", @"\t", StringComparison.Ordinal);

    private static bool IsHidden(Rune rune) => rune.Value != '\t' && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
