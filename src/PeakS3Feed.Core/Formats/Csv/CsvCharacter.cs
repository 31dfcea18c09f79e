namespace PeakS3Feed.Formats.Csv;

/// <summary>How a person writes the quote and the escape of a dialect.</summary>
public static class CsvCharacter
{
    /// <summary>What stands for no character, in any case.</summary>
    public const string None = "None";

    /// <summary>The character that a text stands for; null for <see cref="None"/>.</summary>
    /// <exception cref="Errors.FeedException"><c>CsvDialectInvalid</c>.</exception>
    public static char? Parse(string text, string name)
        => TryParse(text, out var character) ? character : throw FormatErrors.CsvDialectInvalid($"{name} must be one character, or {None}.", $"\"{text}\" is neither.");

    internal static bool TryParse(string text, out char? character)
    {
        var none = string.Equals(text, None, StringComparison.OrdinalIgnoreCase);
        character = none || text.Length != 1 ? null : text[0];
        return none || text.Length == 1;
    }
}
