using System.Text.Json.Serialization;
using PeakS3Feed.Definitions;

namespace PeakS3Feed.Formats.Csv;

/// <summary>The dialect of a feed's CSV files.</summary>
public sealed record CsvOptions : DefinitionRecord
{
    /// <summary>The maximum of <see cref="SkipLastRows"/>.</summary>
    public const int MaxSkipLastRows = 1_000;

    /// <summary>
    /// The separator (<c>,</c>, a tab, <c>|</c>, <c>::</c>), or null to detect it in the first file. Where it is not set it is a comma here, and
    /// <see cref="CsvSeparator.For"/> chooses by each file's extension.
    /// </summary>
    [DefinitionMember(Unless = nameof(IsSeparatorUnset), Converter = typeof(CsvSeparatorConverter))]
    public string? Separator
    {
        get;
        init
        {
            field = value;
            IsSeparatorUnset = false;
        }
    } = ",";

    /// <summary>Whether the separator is not set, not even to <c>Auto</c>. Setting <see cref="Separator"/> makes this false.</summary>
    [DefinitionMember(Never = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSeparatorUnset { get; init; } = true;

    /// <summary>The quote, one ASCII character; null for none.</summary>
    [DefinitionMember(Converter = typeof(CsvCharacterConverter))]
    public char? Quote { get; init; } = '"';

    /// <summary>The escape, one ASCII character; null where quotes are doubled.</summary>
    [DefinitionMember(Converter = typeof(CsvCharacterConverter))]
    public char? Escape { get; init; }

    /// <summary>The rule for line ends. Feeds from before this setting existed have <see cref="CsvLineEndRule.First"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CsvLineEndRule LineEnd { get; init; } = CsvLineEndRule.Auto;

    /// <summary>Whether the first row is a header. Without one, columns bind by position.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// Field names for files without a header row. The reader then reads no header; <see cref="SkipRows"/> skips one that exists. Null for
    /// <c>column_1</c>, <c>column_2</c> and so on where there is no header.
    /// </summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>The number of physical lines to skip before the header or the first row.</summary>
    public int SkipRows { get; init; }

    /// <summary>Unquoted values that mean NULL, in addition to the empty value.</summary>
    public IReadOnlyList<string> NullValues { get; init; } = [];

    /// <summary>Whether the quoted empty value is NULL in text columns, too. In other columns it always is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmptyAsNull { get; init; }

    /// <summary>The text with which comments begin, or null. A line that begins with it is skipped, except inside quotes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? CommentPrefix { get; init; }

    /// <summary>The problem of a comment prefix that rows may begin with; null if there is none, or while the separator is unknown.</summary>
    internal string? FindCommentProblem()
        => CommentPrefix is { } prefix && Separator is { Length: > 0 } separator && prefix.StartsWith(separator, StringComparison.Ordinal)
            ? "The comment prefix begins with the separator, as rows may do."
            : null;

    /// <summary>
    /// Whether white space around values does not belong to them. White space inside quotes does; a quote may follow white space.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TrimValues { get; init; }

    /// <summary>The number of rows at the end of each file that are not loaded. Blank lines and comments do not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int SkipLastRows { get; init; }

    /// <summary>
    /// Texts that mean true and false, in addition to these words, as pairs such as <c>Y/N</c>, in any case; null for none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? BooleanValues { get; init => field = value is { Count: > 0 } ? value : null; }

    /// <summary>The character before the fraction of a number; null for a point.</summary>
    [DefinitionMember(Converter = typeof(CsvCharacterConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public char? DecimalSeparator { get; init => field = value == '.' ? null : value; }

    /// <summary>The character between groups of three digits before the decimal separator; null where numbers have no groups.</summary>
    [DefinitionMember(Converter = typeof(CsvCharacterConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public char? GroupSeparator { get; init; }
}

/// <summary>The rule for the line end of a feed's CSV files.</summary>
public enum CsvLineEndRule
{
    /// <summary>
    /// The first line end outside quotes, and no other. In a file of CR LF lines, LF is data, with a warning. Feeds from before this setting existed
    /// have this rule.
    /// </summary>
    First,

    /// <summary>The first line end outside quotes. In a file of CR LF lines, LF also ends a row, with a warning.</summary>
    Auto,

    /// <summary>CR LF. CR or LF alone is data.</summary>
    CrLf,

    /// <summary>LF. A CR directly before it is part of the line end; any other CR is data.</summary>
    Lf,

    /// <summary>CR. LF is data.</summary>
    Cr,
}

/// <summary>Reads the quote and the escape of a dialect as a person writes them.</summary>
public static class CsvCharacter
{
    /// <summary>The word for "no character", in any case.</summary>
    public const string None = "None";

    /// <summary>The character that a text means; null for <see cref="None"/>.</summary>
    /// <exception cref="Errors.FeedException"><c>CsvDialectInvalid</c>.</exception>
    public static char? Parse(string text, string name)
        => TryParse(text, out var character)
            ? character
            : throw FormatErrors.CsvDialectInvalid($"{name} must be one character, or {None}.", $"\"{text}\" is neither one character nor {None}.");

    internal static bool TryParse(string text, out char? character)
    {
        var none = string.Equals(text, None, StringComparison.OrdinalIgnoreCase);
        character = none || text.Length != 1 ? null : text[0];
        return none || text.Length == 1;
    }
}
