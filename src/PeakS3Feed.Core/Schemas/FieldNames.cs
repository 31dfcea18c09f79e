using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>Compares field names without regard to case, surrounding blanks and Unicode form.</summary>
internal static class FieldNames
{
    // A byte order mark that is not the first character of a file is invisible, as a blank is.
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Returns a text that is equal for names that differ only in case, surrounding blanks or Unicode form.</summary>
    public static string Fold(string field)
    {
        var trimmed = WellFormed(field).Trim().Trim(ByteOrderMark).Trim();
        if (Ascii.IsValid(trimmed))
            return trimmed.ToUpperInvariant();

        // Upper case first: it unifies letters with two lower-case forms, such as sigma. The upper-case form of ß is SS.
        var upper = trimmed.Normalize(NormalizationForm.FormC).ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);
        return upper.Replace("ẞ", "SS", StringComparison.Ordinal).Normalize(NormalizationForm.FormC);
    }

    // JSON names can contain lone surrogates, which cannot be normalised.
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
