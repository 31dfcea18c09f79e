namespace PeakS3Feed.Formats.Csv;

/// <summary>The names that a person gives to separators, and the separators that the names of files give.</summary>
public static class CsvSeparator
{
    /// <summary>The word for a separator that is detected.</summary>
    public const string Auto = "Auto";

    /// <summary>All words for separators.</summary>
    public static IReadOnlyList<string> Words { get; } = ["Comma", "Tab", "Pipe", "Semicolon", "Space", Auto];

    /// <summary>
    /// The characters that <paramref name="text"/> stands for: one of the <see cref="Words"/> in any case, <c>\t</c> and <c>`t</c>
    /// for a tab, anything else for itself, with <c>\t</c> for a tab in it. Null for <c>Auto</c>: it is to be detected.
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

    /// <summary>How it is written in definitions, so that <see cref="Parse"/> gives it again.</summary>
    public static string Format(string? separator) => separator switch
    {
        null => Auto,
        "," => "Comma",
        "|" => "Pipe",
        "\t" => "Tab",
        _ => separator,
    };

    /// <summary>How it is typed in a command: a word where there is one, since a shell reads <c>;</c> and a blank as its own.</summary>
    public static string Word(string? separator) => separator switch
    {
        ";" => "Semicolon",
        " " => "Space",
        _ => Format(separator),
    };

    /// <summary>What a person sees as a feed's separator.</summary>
    public static string Describe(CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.IsSeparatorUnset ? "By file extension" : Word(options.Separator);
    }

    /// <summary>
    /// The separator of one file: the dialect's own, or where it has none a tab for <c>.tsv</c>, a pipe for <c>.psv</c> and a comma for every other
    /// name, also behind <c>.gz</c> and <c>.gzip</c>. Null where it is to be detected.
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
        return name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? "\t" : name.EndsWith(".psv", StringComparison.OrdinalIgnoreCase) ? "|" : ",";
    }

    /// <summary>Whether a separator is no separator but a word that has no meaning here, such as <c>Semikolon</c>.</summary>
    internal static bool IsUnknownWord(string separator) => separator.Length > 1 && separator.All(char.IsLetter);

    private static ReadOnlySpan<char> WithoutEnd(ReadOnlySpan<char> name, string end)
        => name.EndsWith(end, StringComparison.OrdinalIgnoreCase) ? name[..^end.Length] : name;
}
