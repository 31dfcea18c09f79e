using System.Globalization;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats;

/// <summary>The errors that end the reading of a file.</summary>
internal static class FormatErrors
{
    public static FeedException GzipTruncated(string objectUri, Exception? inner = null) => new(
        "GzipTruncated", FeedErrorCategory.InvalidData, $"{objectUri} ends before its gzip data does: it was cut short or is damaged.", inner)
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri),
        Hint = "Ask its producer to write it again; an upload that broke off is the usual cause. Or let the feed leave out files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException GzipCorrupt(string objectUri, string what, Exception? inner = null) => new(
        "GzipCorrupt", FeedErrorCategory.InvalidData, $"The gzip data of {objectUri} is corrupt: {what}.", inner)
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri),
        Hint = "Check it with gzip -t and ask its producer to write it again. Or let the feed leave out files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException FileNotText(string objectUri, string format, string advice) => new(
        "FileNotText", FeedErrorCategory.InvalidData, $"{objectUri} is {format}, not text.")
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri, 1, 0),
        Hint = $"{advice}, or exclude it from the feed (-Exclude). Or let the feed leave out files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException EncodingNotUtf8(string objectUri, string encoding) => new(
        "EncodingNotUtf8", FeedErrorCategory.InvalidData, $"{objectUri} is {encoding}, not UTF-8.")
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri, 1, 0),
        Hint = $"Have it exported as UTF-8, or convert it: iconv -f {encoding} -t UTF-8. Or let the feed leave out files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException CsvDialectInvalid(string what, string hint) => new(
        "CsvDialectInvalid", FeedErrorCategory.InvalidArgument, what)
    {
        Hint = hint,
    };

    public static FeedException CsvHeaderInvalid(SourcePosition position, string reason, string? hint = null, params IReadOnlyList<FeedSetting> settings) => new(
        "CsvHeaderInvalid", FeedErrorCategory.InvalidData, $"The header of {position} cannot be read: {reason}.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = hint ?? "Look at the first lines of the file: lines before the header can be skipped, and files without one can be read.",
        Settings = settings,
    };

    public static FeedException CsvHeaderNotUtf8(SourcePosition position) => CsvHeaderInvalid(
        position,
        "it is not valid UTF-8",
        "If the file is Latin-1 or Windows-1252, have it exported as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8. Or let the feed leave out files that fail.",
        FeedSetting.SkipBadFiles);

    public static FeedException CsvHeaderNamesSeparator(SourcePosition position) => CsvHeaderInvalid(
        position,
        "it is the line that tells Excel the separator",
        "Let the feed skip it, and use the separator that it names.",
        new("SkipRows", Number(position.Line), "csv.skipRows"),
        new("Separator", "Auto", "csv.separator"));

    public static FeedException CsvTooManyFields(SourcePosition position, int limit) => new(
        "CsvTooManyFields", FeedErrorCategory.LimitsExceeded, $"The first row of {position} has more than {Number(limit)} fields.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "Check the feed's separator against the file.",
    };

    /// <param name="opened">Where the quote stands.</param>
    /// <param name="remedies">Settings with which the file's quotes would mean something else.</param>
    public static FeedException CsvQuoteNotClosed(SourcePosition opened, params IReadOnlyList<FeedSetting> remedies) => new(
        "CsvQuoteNotClosed",
        FeedErrorCategory.InvalidData,
        $"The quote that opens on line {Number(opened.Line)} of {opened.ObjectUri} is never closed.")
    {
        Target = opened.ObjectUri,
        Position = opened,
        Hint = "Look for a field there that begins with a quote and does not end with one; the feed's Quote and Escape must be those of the file.",
        Settings = [.. remedies, FeedSetting.SkipBadFiles],
    };

    public static FeedException CsvRowTooLong(SourcePosition row, long quoteLine) => new(
        "CsvRowTooLong",
        FeedErrorCategory.LimitsExceeded,
        $"The row that begins on line {Number(row.Line)} of {row.ObjectUri} is longer than 16 MiB"
            + (quoteLine > 0 ? $"; the quote that opens on line {Number(quoteLine)} is still open there." : "."))
    {
        Target = row.ObjectUri,
        Position = row,
        Hint = quoteLine > 0
            ? "Look for a quote there that is never closed; the feed's Quote and Escape must be those of the file."
            : "Check that the file is text with line ends; 16 MiB is the most that a row can have.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
