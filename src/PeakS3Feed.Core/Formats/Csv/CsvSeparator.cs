namespace PeakS3Feed.Formats.Csv;

/// <summary>The names that a person gives to separators.</summary>
public static class CsvSeparator
{
    /// <summary>
    /// The characters that <paramref name="text"/> stands for: <c>Comma</c>, <c>Tab</c>, <c>Pipe</c>, <c>\t</c> and <c>`t</c> for a tab,
    /// anything else for itself. Null for <c>Auto</c>: it is to be detected.
    /// </summary>
    public static string? Parse(string text) => text.ToUpperInvariant() switch
    {
        "AUTO" => null,
        "COMMA" => ",",
        "TAB" => "\t",
        "PIPE" => "|",
        _ => text.Replace("\\t", "\t", StringComparison.Ordinal).Replace("`t", "\t", StringComparison.Ordinal),
    };
}
