using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Formats;

/// <summary>Errors that make a file unreadable from some point on.</summary>
internal static class FormatErrors
{
    public static FeedException GzipTruncated(string objectUri, Exception? inner = null) => new(
        "GzipTruncated", FeedErrorCategory.InvalidData, $"{objectUri} ends before its gzip data does. It is truncated or damaged.", inner)
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri),
        Hint = "An interrupted upload is the usual cause: ask the file's producer to write it again. Or let the feed skip files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException GzipCorrupt(string objectUri, string what, Exception? inner = null) => new(
        "GzipCorrupt", FeedErrorCategory.InvalidData, $"The gzip data of {objectUri} is corrupt: {what}.", inner)
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri),
        Hint = "Check it with gzip -t, and ask the file's producer to write it again. Or let the feed skip files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException FileNotText(string objectUri, string format, string advice) => new(
        "FileNotText", FeedErrorCategory.InvalidData, $"{objectUri} is {format}, not text.")
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri, 1, 0),
        Hint = $"{advice}, or exclude it from the feed (-Exclude). Or let the feed skip files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException EncodingNotUtf8(string objectUri, string encoding) => new(
        "EncodingNotUtf8", FeedErrorCategory.InvalidData, $"{objectUri} is {encoding}, not UTF-8.")
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri, 1, 0),
        Hint = $"Export it as UTF-8, or convert it: iconv -f {encoding} -t UTF-8. Or let the feed skip files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    public static FeedException CsvDialectInvalid(string what, string hint) => new(
        "CsvDialectInvalid", FeedErrorCategory.InvalidArgument, what)
    {
        Hint = hint,
    };

    public static FeedException CsvHeaderInvalid(
        SourcePosition position, string reason, string? hint = null, params IReadOnlyList<FeedSetting> settings) => new(
        "CsvHeaderInvalid", FeedErrorCategory.InvalidData, $"The header of {position} cannot be read: {reason}.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = hint ?? "Check the first lines of the file. A feed can skip lines before the header, and it can read files without a header.",
        Settings = settings,
    };

    public static FeedException CsvHeaderNotUtf8(SourcePosition position) => CsvHeaderInvalid(
        position,
        "it is not valid UTF-8",
        "If the file is Latin-1 or Windows-1252, export it as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8. "
        + "Or let the feed skip files that fail.",
        FeedSetting.SkipBadFiles);

    public static FeedException CsvHeaderNamesSeparator(SourcePosition position) => CsvHeaderInvalid(
        position,
        "it is the line that names the separator for Excel",
        "Let the feed skip this line, and use the separator that it names.",
        new("SkipRows", Number(position.Line), "csv.skipRows"),
        new("Separator", "Auto", "csv.separator"));

    public static FeedException CsvTooManyFields(SourcePosition position, int limit) => new(
        "CsvTooManyFields", FeedErrorCategory.LimitsExceeded, $"The first row of {position} has more than {Number(limit)} fields.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "Check the feed's separator against the file.",
    };

    /// <param name="opened">The position of the quote.</param>
    /// <param name="remedies">Settings that change the meaning of the file's quotes.</param>
    public static FeedException CsvQuoteNotClosed(SourcePosition opened, params IReadOnlyList<FeedSetting> remedies) => new(
        "CsvQuoteNotClosed",
        FeedErrorCategory.InvalidData,
        $"The quote that opens on line {Number(opened.Line)} of {opened.ObjectUri} is never closed.")
    {
        Target = opened.ObjectUri,
        Position = opened,
        Hint = "Check that line for a field that begins with a quote and does not end with one. The feed's Quote and Escape must match the file.",
        Settings = [.. remedies, FeedSetting.SkipBadFiles],
    };

    public static FeedException CsvRowTooLong(SourcePosition row, long quoteLine) => new(
        "CsvRowTooLong",
        FeedErrorCategory.LimitsExceeded,
        $"The row that begins on line {Number(row.Line)} of {row.ObjectUri} is longer than 16 MiB"
            + (quoteLine > 0 ? $", because the quote that opens on line {Number(quoteLine)} is not closed." : "."))
    {
        Target = row.ObjectUri,
        Position = row,
        Hint = quoteLine > 0
            ? "Check that line for a quote that is never closed. The feed's Quote and Escape must match the file."
            : "Check that the file is text with line ends. A row can have at most 16 MiB.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
