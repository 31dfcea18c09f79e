namespace PeakS3Feed.Formats.Csv;

/// <summary>Separators as people write them, and as the names of files imply them.</summary>
public static class CsvSeparator
{
    /// <summary>The word for a separator that is detected.</summary>
    public const string Auto = "Auto";

    /// <summary>All words for separators.</summary>
    public static IReadOnlyList<string> Words { get; } = ["Comma", "Tab", "Pipe", "Semicolon", "Space", Auto];

    /// <summary>
    /// The characters that <paramref name="text"/> means: one of the <see cref="Words"/> in any case, <c>\t</c> or <c>`t</c> for a tab, otherwise the
    /// text itself, in which <c>\t</c> is a tab. Null for <c>Auto</c>: the separator is detected.
    /// </summary>
    public static string? Parse(string text) => text.ToUpperInvariant() switch
    {
        "AUTO" => null,
        "COMMA" => ",",
        "PIPE" => "|",
        "SEMICOLON" => ";",
        "SPACE" => " ",
        "TAB" or "\\T" or "`T" => "\t",
        _ => text.Replace("\\t", "\t", StringComparison.Ordinal),
    };

    /// <summary>The form in definitions, which <see cref="Parse"/> reads back.</summary>
    public static string Format(string? separator) => separator switch
    {
        null => Auto,
        "," => "Comma",
        "|" => "Pipe",
        "\t" => "Tab",
        _ => separator,
    };

    /// <summary>The form in a command: a word where there is one, because a shell interprets <c>;</c> and blanks.</summary>
    public static string Word(string? separator) => separator switch
    {
        ";" => "Semicolon",
        " " => "Space",
        _ => Format(separator),
    };

    /// <summary>The separator of a feed, for people.</summary>
    public static string Describe(CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.IsSeparatorUnset ? "By file extension" : Word(options.Separator);
    }

    /// <summary>
    /// The separator of one file: that of the dialect. Where the dialect has none, it is a tab for <c>.tsv</c>, a pipe for <c>.psv</c> and a comma
    /// for every other name; a final <c>.gz</c> or <c>.gzip</c> is ignored. Null where the separator is detected.
    /// </summary>
    /// <param name="options">The dialect.</param>
    /// <param name="objectName">The object's key, or a URI that ends in it.</param>
    public static string? For(CsvOptions options, string objectName)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(objectName);
        if (!options.IsSeparatorUnset)
            return options.Separator;
        var name = objectName.AsSpan();
        name = WithoutEnd(WithoutEnd(name, ".gz"), ".gzip");
        return name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? "\t"
            : name.EndsWith(".psv", StringComparison.OrdinalIgnoreCase) ? "|"
            : ",";
    }

    /// <summary>Whether a separator is a word without a meaning, such as <c>Semikolon</c>.</summary>
    internal static bool IsUnknownWord(string separator) => separator.Length > 1 && separator.All(char.IsLetter);

    private static ReadOnlySpan<char> WithoutEnd(ReadOnlySpan<char> name, string end)
        => name.EndsWith(end, StringComparison.OrdinalIgnoreCase) ? name[..^end.Length] : name;
}
