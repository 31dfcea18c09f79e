namespace PeakS3Feed.Formats.Csv;

/// <summary>The names that a person gives to separators.</summary>
public static class CsvSeparator
{
    /// <summary>
    /// The characters that <paramref name="text"/> stands for: <c>Comma</c>, <c>Tab</c>, <c>Pipe</c> in any case, <c>\t</c> and <c>`t</c>
    /// for a tab, anything else for itself, with <c>\t</c> for a tab in it. Null for <c>Auto</c>: it is to be detected.
    /// </summary>
    public static string? Parse(string text) => text.ToUpperInvariant() switch
    {
        "AUTO" => null,
        "COMMA" => ",",
        "PIPE" => "|",
        "TAB" or "\\T" or "`T" => "\t",
        _ => text.Replace("\\t", "\t", StringComparison.Ordinal),
    };

    /// <summary>How it is written, so that <see cref="Parse"/> gives it again.</summary>
    public static string Format(string? separator) => separator switch
    {
        null => "Auto",
        "," => "Comma",
        "|" => "Pipe",
        "\t" => "Tab",
        _ => separator,
    };
}
