using PeakS3Feed.Errors;
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
                yield return new("Csv.Separator", "The separator is empty.", "Write Comma, Tab, Pipe, Auto or the separator itself.");
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

    private static bool IsUsable(char character) => character is > '\0' and < '\x7f' and not '\r' and not '\n';
}
