using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Csv;

/// <summary>The warnings about CSV files.</summary>
internal static class CsvWarnings
{
    private const string File = "file";
    private const string Setting = "LineEnd";
    private const string Key = "csv.lineEnd";

    /// <summary>One row opened a quote and did not close it, and the reader read rows from inside that quote.</summary>
    public static FeedWarning RowsInQuotes(SourcePosition opened, long endLine, long rows) => new FeedWarning(
        "CsvRowsInQuotes",
        $"A quote that opens in {opened} closes on line {Number(endLine)}, in another row. The line that opens it is a reject. "
        + "The feed read the lines after it as rows.")
    {
        Subject = opened.ObjectUri,
        Position = opened,
        Count = rows,
        Unit = "row",
        Hint = "Compare these rows with the file. If its quotes are text, or follow an escape character, set the feed's Quote and Escape "
            + "accordingly.",
    };

    /// <summary>LF ends a row in a file whose first line ends in CR LF.</summary>
    public static FeedWarning MixedLineEnds(SourcePosition position) => new FeedWarning(
        "CsvMixedLineEnds", $"{position} ends in LF, but the file's first line ends in CR LF. Both end a row.")
    {
        Position = position,
        Unit = File,
        Hint = "If that LF is part of the text, let only CR LF end rows (-LineEnd CrLf).",
        Settings = [new(Setting, nameof(CsvLineEndRule.CrLf), Key)],
    };

    /// <summary>A feed with the rule First read LF as text in a file whose lines end in CR LF.</summary>
    public static FeedWarning LineFeedInValue(SourcePosition position) => new FeedWarning(
        "CsvLineFeedInValue", $"{position} has an LF outside quotes. The file's lines end in CR LF, so this feed reads the LF as part of the value.")
    {
        Position = position,
        Unit = File,
        Hint = "If that LF ends a row, set -LineEnd Auto, which applies to files that the feed has not loaded yet. "
            + "If it is part of the text, set -LineEnd CrLf.",
        Settings = [new(Setting, nameof(CsvLineEndRule.Auto), Key), new(Setting, nameof(CsvLineEndRule.CrLf), Key)],
    };

    /// <summary>A CR, or an LF in a file of CR lines, was read as text.</summary>
    /// <param name="position">The position of the line.</param>
    /// <param name="seen">The line end of the file's first line.</param>
    /// <param name="lineEnd">The line end of the file's rows.</param>
    public static FeedWarning LineBreakInValue(SourcePosition position, CsvLineEnd seen, CsvLineEnd lineEnd) => new FeedWarning(
        "CsvLineBreakInValue",
        $"{position} has {(lineEnd == CsvLineEnd.Cr ? "an LF" : "a lone CR")} outside quotes. The file's lines end in {Name(seen)}, "
        + "so the feed reads it as part of the value.")
    {
        Position = position,
        Unit = File,
        Hint = $"If it ends a row, ask the file's producer to use one kind of line end. If it is part of the text, set -LineEnd {Rule(lineEnd)}.",
        Settings = [new(Setting, Rule(lineEnd), Key)],
    };

    /// <summary>No row has the line end that the feed specifies.</summary>
    public static FeedWarning LineEndNotFound(SourcePosition position, CsvLineEnd lineEnd) => new FeedWarning(
        "CsvLineEndNotFound",
        $"No row of {position.ObjectUri} ends in {Name(lineEnd)}, which the feed specifies. Line {Number(position.Line)} has another line end.")
    {
        Position = position,
        Unit = File,
        Hint = "Let the feed take the line end from the first line of each file.",
        Settings = [new(Setting, nameof(CsvLineEndRule.Auto), Key)],
    };

    private static string Name(CsvLineEnd lineEnd) => lineEnd switch { CsvLineEnd.CrLf => "CR LF", CsvLineEnd.Cr => "CR", _ => "LF" };

    private static string Rule(CsvLineEnd lineEnd) => lineEnd switch
    {
        CsvLineEnd.CrLf => nameof(CsvLineEndRule.CrLf),
        CsvLineEnd.Cr => nameof(CsvLineEndRule.Cr),
        _ => nameof(CsvLineEndRule.Lf),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
