namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Names as Snowflake stores them. Pure functions.</summary>
internal static class SnowflakeIdentifier
{
    /// <summary>
    /// Returns the stored form of a name in a definition: in upper case (ASCII letters only); in double quotes, as it is between them, with doubled
    /// quotes as one.
    /// </summary>
    public static string Fold(string name)
        => name is ['"', _, .., '"'] ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : FoldUnquoted(name);

    private static string FoldUnquoted(string name)
        => string.Create(name.Length, name, static (folded, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                folded[i] = char.IsAsciiLetterLower(text[i]) ? (char)(text[i] - 'a' + 'A') : text[i];
        });
}
