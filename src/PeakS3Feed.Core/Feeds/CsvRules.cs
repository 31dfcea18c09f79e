using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Feeds;

/// <summary>What a feed's CSV dialect must obey.</summary>
internal static class CsvRules
{
    public static IEnumerable<DefinitionProblem> Check(CsvOptions csv)
    {
        if (csv.Separator is { } separator)
        {
            if (separator.Length == 0)
                yield return new("Csv.Separator", "The separator is empty.", "Write Comma, Tab, Pipe, Semicolon, Space, Auto or the separator itself.");
            if (CsvSeparator.IsUnknownWord(separator)) yield return UnknownWord(separator);
            if (separator.AsSpan().IndexOfAny('\r', '\n') >= 0) yield return new("Csv.Separator", "The separator holds a line end.");
            if (csv.Quote is { } quote && separator.Contains(quote, StringComparison.Ordinal))
                yield return new("Csv.Separator", "The separator holds the quote.");
            if (csv.Escape is { } escape && separator.Contains(escape, StringComparison.Ordinal))
                yield return new("Csv.Separator", "The separator holds the escape character.");
        }

        if (csv.Quote is { } q && !IsUsable(q)) yield return new("Csv.Quote", "The quote must be one ASCII character, and no line end.");
        if (csv.Escape is { } e && !IsUsable(e)) yield return new("Csv.Escape", "The escape must be one ASCII character, and no line end.");
        if (csv.SkipRows < 0) yield return new("Csv.SkipRows", "SkipRows must not be negative.");
        if (csv.ColumnNames is { } names && names.Count == 0)
            yield return new("Csv.ColumnNames", "ColumnNames is empty.", "Leave it out to take the names from the header.");
        if (csv.ColumnNames is { } given && given.Any(string.IsNullOrWhiteSpace))
            yield return new("Csv.ColumnNames", "ColumnNames holds a blank name.", "Name every column, also one that is not needed.");
        else if (csv.ColumnNames is { } twice && twice.Distinct(StringComparer.Ordinal).Count() < twice.Count)
            yield return new("Csv.ColumnNames", "ColumnNames names a column twice.");
    }

    /// <summary>What CSV alone has, on a feed of another type.</summary>
    public static IEnumerable<DefinitionProblem> CheckUnused(CsvOptions csv, FileType type)
    {
        if (!csv.IsSeparatorUnset)
            yield return new(
                "Csv.Separator", $"A separator is for CSV files; this feed reads {type}.", "Leave the separator out, or let the feed read Csv.");
    }

    private static DefinitionProblem UnknownWord(string separator) => new(
        "Csv.Separator",
        $"The separator \"{separator}\" is a word that stands for none.",
        NearestName.Find(separator, CsvSeparator.Words) is { } near
            ? $"Did you mean {near}?"
            : $"The words are {string.Join(", ", CsvSeparator.Words)}; any other separator is written as it is, and has a character that is no letter.");

    private static bool IsUsable(char character) => character is > '\0' and < '\x7f' and not '\r' and not '\n';
}
