namespace PeakS3Feed.Store.Documents;

/// <summary>The names that separators go by where people write them.</summary>
internal static class SeparatorNames
{
    /// <summary>The separator that a name, or the text itself, stands for; null for one to be detected.</summary>
    public static string? Parse(string text) => text.ToUpperInvariant() switch
    {
        "AUTO" => null,
        "COMMA" => ",",
        "PIPE" => "|",
        "TAB" or "\\T" or "`T" => "\t",
        _ => text,
    };

    /// <summary>How it is written.</summary>
    public static string Format(string? separator) => separator switch
    {
        null => "Auto",
        "," => "Comma",
        "|" => "Pipe",
        "\t" => "Tab",
        _ => separator,
    };
}
