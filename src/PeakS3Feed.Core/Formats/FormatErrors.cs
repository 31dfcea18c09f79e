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
        Hint = IsUtf16(encoding)
            ? "If all files of the feed are UTF-16, set its Encoding. Otherwise export this one as UTF-8, or let the feed skip files that fail."
            : $"Export it as UTF-8, or convert it: iconv -f {encoding} -t UTF-8. Or let the feed skip files that fail.",
        Settings = IsUtf16(encoding) ? [new("Encoding", nameof(FileEncoding.Utf16)), FeedSetting.SkipBadFiles] : [FeedSetting.SkipBadFiles],
    };

    /// <param name="objectUri">The object.</param>
    /// <param name="found">What its first bytes show.</param>
    /// <param name="encoding">The encoding of the feed.</param>
    /// <param name="fitting">The encoding that fits the file, or null.</param>
    public static FeedException EncodingDiffers(string objectUri, string found, FileEncoding encoding, FileEncoding? fitting) => new(
        "EncodingDiffers",
        FeedErrorCategory.InvalidData,
        $"{objectUri} is {found}, but the feed's encoding is {EncodingNames.Of(encoding)}.")
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri, 1, 0),
        Hint = "All files of a feed have one encoding. Set the one that they have, or let the feed skip files that fail.",
        Settings = fitting is { } set ? [new("Encoding", set.ToString()), FeedSetting.SkipBadFiles] : [FeedSetting.SkipBadFiles],
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

    /// <param name="position">The header.</param>
    /// <param name="encoding">The encoding that its bytes do not have.</param>
    /// <param name="mayBeSingleByte">Whether the bytes can be of an encoding with one byte for each character.</param>
    public static FeedException CsvHeaderNotText(SourcePosition position, FileEncoding encoding, bool mayBeSingleByte) => CsvHeaderInvalid(
        position,
        $"it is not valid {EncodingNames.Of(encoding)}",
        encoding == FileEncoding.Utf8 && mayBeSingleByte
            ? "Excel and many Windows programs write Windows-1252: if all files of the feed are, set its Encoding. "
                + "Or let the feed skip files that fail."
            : "Set the feed's Encoding to the one that its files have, or let the feed skip files that fail.",
        encoding == FileEncoding.Utf8 && mayBeSingleByte
            ? [new("Encoding", nameof(FileEncoding.Windows1252)), FeedSetting.SkipBadFiles]
            : [FeedSetting.SkipBadFiles]);

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

    /// <param name="objectUri">The object.</param>
    /// <param name="line">The line on which the last of the rows begins.</param>
    /// <param name="rows">The number of rows at the end of a file that the feed leaves out.</param>
    public static FeedException CsvFooterTooLong(string objectUri, long line, int rows) => new(
        "CsvFooterTooLong",
        FeedErrorCategory.LimitsExceeded,
        $"The {Number(rows)} rows up to line {Number(line)} of {objectUri} have more than 16 MiB, so they cannot be held back until the file ends.")
    {
        Target = objectUri,
        Position = new SourcePosition(objectUri, line),
        Hint = "SkipLastRows leaves out the last rows of each file. Check its number, or let the feed skip files that fail.",
        Settings = [FeedSetting.SkipBadFiles],
    };

    private static bool IsUtf16(string encoding) => encoding is TextEncoding.Utf16LittleEndian or TextEncoding.Utf16BigEndian;

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
