using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Csv;

/// <summary>What a person wants to know of a CSV file that can be read.</summary>
internal static class CsvWarnings
{
    private const string File = "file";
    private const string Setting = "LineEnd";
    private const string Key = "csv.lineEnd";

    /// <summary>Rows were read from inside quotes that one row opened and did not close.</summary>
    public static FeedWarning RowsInQuotes(SourcePosition opened, long endLine, long rows) => new FeedWarning(
        "CsvRowsInQuotes",
        $"A quote that opens in {opened} closes on line {Number(endLine)} and does not belong there. That line is a reject; the feed read the rows behind it.")
    {
        Subject = opened.ObjectUri,
        Position = opened,
        Count = rows,
        Unit = "row",
        Hint = "Compare these rows with the file. If its quotes are text, or stand behind an escape character, the feed's Quote and Escape say so.",
    };

    /// <summary>An LF ends a row of a file whose lines end in CR LF.</summary>
    public static FeedWarning MixedLineEnds(SourcePosition position) => new FeedWarning(
        "CsvMixedLineEnds", $"{position} ends in LF, but the file's first line ends in CR LF. Each of them ends a row.")
    {
        Position = position,
        Unit = File,
        Hint = "If LF is part of the text there, let only CR LF end a row (-LineEnd CrLf).",
        Settings = [new(Setting, nameof(CsvLineEndRule.CrLf), Key)],
    };

    /// <summary>A feed from before there was a choice read an LF as text, in a file whose lines end in CR LF.</summary>
    public static FeedWarning LineFeedInValue(SourcePosition position) => new FeedWarning(
        "CsvLineFeedInValue", $"{position} holds an LF outside quotes. The file's lines end in CR LF, so this feed reads the LF as part of the value.")
    {
        Position = position,
        Unit = File,
        Hint = "If LF ends a row there, -LineEnd Auto splits the row in files that the feed has not loaded yet. If LF is part of the text, -LineEnd CrLf says so.",
        Settings = [new(Setting, nameof(CsvLineEndRule.Auto), Key), new(Setting, nameof(CsvLineEndRule.CrLf), Key)],
    };

    /// <summary>A lone CR, or in a file of CR lines an LF, was read as text.</summary>
    /// <param name="position">The line.</param>
    /// <param name="seen">What the file's first line ends in.</param>
    /// <param name="lineEnd">What ends the file's rows.</param>
    public static FeedWarning LineBreakInValue(SourcePosition position, CsvLineEnd seen, CsvLineEnd lineEnd) => new FeedWarning(
        "CsvLineBreakInValue",
        $"{position} holds {(lineEnd == CsvLineEnd.Cr ? "an LF" : "a lone CR")} outside quotes. The file's lines end in {Name(seen)}, so the feed reads it as part of the value.")
    {
        Position = position,
        Unit = File,
        Hint = $"If it ends a row there, have the file written with one kind of line end. If it is part of the text, -LineEnd {Rule(lineEnd)} says so.",
        Settings = [new(Setting, Rule(lineEnd), Key)],
    };

    /// <summary>No row ends in the line end that the feed gives.</summary>
    public static FeedWarning LineEndNotFound(SourcePosition position, CsvLineEnd lineEnd) => new FeedWarning(
        "CsvLineEndNotFound", $"No row of {position.ObjectUri} ends in {Name(lineEnd)}, as the feed says. Line {Number(position.Line)} has another line end.")
    {
        Position = position,
        Unit = File,
        Hint = "Let the first line of each file show how its lines end.",
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
