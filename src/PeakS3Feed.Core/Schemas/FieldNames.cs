using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>Compares the names of fields as people do: without regard to case, outer blanks and Unicode form.</summary>
internal static class FieldNames
{
    // A byte order mark that is not a file's first character is invisible, as a blank is.
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>The text that is the same for names that differ only in case, outer blanks or Unicode form.</summary>
    public static string Fold(string field)
    {
        var trimmed = WellFormed(field).Trim().Trim(ByteOrderMark).Trim();
        if (Ascii.IsValid(trimmed))
            return trimmed.ToUpperInvariant();

        // Upper case first: it brings together what has two lower forms, such as both forms of sigma; ß has SS as its upper form.
        var upper = trimmed.Normalize(NormalizationForm.FormC).ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);
        return upper.Replace("ẞ", "SS", StringComparison.Ordinal).Normalize(NormalizationForm.FormC);
    }

    // JSON names can hold lone surrogates, which cannot be normalised.
    private static string WellFormed(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            whole.Append(rune.ToString());
        return whole.ToString();
    }
}
