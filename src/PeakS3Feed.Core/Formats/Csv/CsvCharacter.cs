namespace PeakS3Feed.Formats.Csv;

/// <summary>Reads the quote and the escape of a dialect as a person writes them.</summary>
public static class CsvCharacter
{
    /// <summary>The word for "no character", in any case.</summary>
    public const string None = "None";

    /// <summary>The character that a text means; null for <see cref="None"/>.</summary>
    /// <exception cref="Errors.FeedException"><c>CsvDialectInvalid</c>.</exception>
    public static char? Parse(string text, string name)
        => TryParse(text, out var character) ? character : throw FormatErrors.CsvDialectInvalid($"{name} must be one character, or {None}.", $"\"{text}\" is not one character and not {None}.");

    internal static bool TryParse(string text, out char? character)
    {
        var none = string.Equals(text, None, StringComparison.OrdinalIgnoreCase);
        character = none || text.Length != 1 ? null : text[0];
        return none || text.Length == 1;
    }
}
