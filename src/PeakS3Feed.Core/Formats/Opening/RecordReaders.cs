using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Decoding;
using PeakS3Feed.Formats.Json;

namespace PeakS3Feed.Formats.Opening;

/// <summary>Opens the reader for a file type.</summary>
public static class RecordReaders
{
    /// <summary>
    /// Opens a reader over decompressed content, which it owns. Content that is not UTF-8 is decoded. The separator of CSV comes from
    /// <see cref="CsvSeparator.For"/>, or is detected in the first 64 KiB where that is null. JSON ignores the dialect. Throws with id
    /// <c>CsvDialectInvalid</c>, and then disposes the content.
    /// </summary>
    public static ValueTask<RecordReader> OpenAsync(
        FileFormat format, Stream content, string objectUri, CancellationToken cancellationToken)
        => OpenAsync(format, OpenInput(format, content, objectUri), objectUri, looksForBetter: false, cancellationToken);

    /// <summary>The same, for a reader that waits before its memory grows for a row longer than <paramref name="maxFreeRowBytes"/>.</summary>
    internal static ValueTask<RecordReader> OpenAsync(
        FileFormat format, Stream content, string objectUri, int maxFreeRowBytes, Func<CancellationToken, ValueTask> beforeGrowth,
        CancellationToken cancellationToken)
        => OpenAsync(
            format, OpenInput(format, content, objectUri, maxFreeRowBytes, beforeGrowth), objectUri, looksForBetter: false, cancellationToken);

    /// <summary>
    /// Opens a reader for a file of a sample. It also sets <see cref="RecordReader.BetterSeparator"/> where the feed gives no separator.
    /// </summary>
    internal static ValueTask<RecordReader> OpenSampleAsync(
        FileFormat format, Stream content, string objectUri, CancellationToken cancellationToken)
        => OpenAsync(format, OpenInput(format, content, objectUri), objectUri, looksForBetter: true, cancellationToken);

    /// <summary>Opens the buffer of a reader.</summary>
    internal static InputBuffer OpenInput(
        FileFormat format, Stream content, string objectUri, int maxFreeBytes = int.MaxValue, Func<CancellationToken, ValueTask>? beforeGrowth = null,
        int initialBytes = InputBuffer.DefaultBytes)
        => new(
            format.Encoding == FileEncoding.Utf8 ? content : new DecodingStream(content, format.Encoding, objectUri), initialBytes, format.Encoding)
        {
            MaxFreeBytes = maxFreeBytes,
            BeforeGrowth = beforeGrowth,
        };

    private static async ValueTask<RecordReader> OpenAsync(
        FileFormat format, InputBuffer input, string objectUri, bool looksForBetter, CancellationToken cancellationToken)
    {
        try
        {
            return format.Type switch
            {
                FileType.Csv => await OpenCsvAsync(input, format.Csv, objectUri, looksForBetter, cancellationToken),
                FileType.Json => new JsonArrayReader(input, objectUri),
                FileType.Ndjson => new NdjsonReader(input, objectUri),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format.Type, null),
            };
        }
        catch
        {
            await input.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<RecordReader> OpenCsvAsync(
        InputBuffer input, CsvOptions csv, string objectUri, bool looksForBetter, CancellationToken cancellationToken)
    {
        var isGiven = csv is { IsSeparatorUnset: false, Separator: not null };
        csv = csv with { Separator = CsvSeparator.For(csv, objectUri) };
        if (csv.Separator is null || (looksForBetter && !isGiven))
            await input.FillToAsync(SeparatorDetector.SampleBytes, cancellationToken);
        csv = csv with { Separator = csv.Separator ?? SeparatorDetector.Detect(input.Unread, csv) };
        if (csv.FindCommentProblem() is { } problem)
            throw FormatErrors.CsvDialectInvalid(problem, $"The separator of {objectUri} is {CsvSeparator.Word(csv.Separator)}.");
        var better = looksForBetter && !isGiven ? SeparatorDetector.FindBetter(input.Unread, csv, csv.Separator) : null;
        var reader = new CsvReader(input, csv, objectUri) { BetterSeparator = better };
        return csv.SkipLastRows > 0 ? new CsvFooterReader(reader, csv.SkipLastRows) { BetterSeparator = better } : reader;
    }
}
