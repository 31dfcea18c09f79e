using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Json;

namespace PeakS3Feed.Formats.Opening;

/// <summary>Opens the reader for a file type.</summary>
public static class RecordReaders
{
    /// <summary>
    /// Opens a reader over decompressed content, which it owns. The separator of CSV comes from <see cref="CsvSeparator.For"/>, or is detected in the
    /// first 64 KiB where that is null. JSON ignores the dialect. Throws with id <c>CsvDialectInvalid</c>, and then disposes the content.
    /// </summary>
    public static ValueTask<RecordReader> OpenAsync(
        FileType type, CsvOptions csv, Stream content, string objectUri, CancellationToken cancellationToken)
        => OpenAsync(type, csv, new InputBuffer(content), objectUri, looksForBetter: false, cancellationToken);

    /// <summary>The same, for a reader that waits before its memory grows for a row longer than <paramref name="maxFreeRowBytes"/>.</summary>
    internal static ValueTask<RecordReader> OpenAsync(
        FileType type, CsvOptions csv, Stream content, string objectUri, int maxFreeRowBytes, Func<CancellationToken, ValueTask> beforeGrowth,
        CancellationToken cancellationToken)
        => OpenAsync(
            type, csv, new InputBuffer(content) { MaxFreeBytes = maxFreeRowBytes, BeforeGrowth = beforeGrowth }, objectUri,
            looksForBetter: false, cancellationToken);

    /// <summary>
    /// Opens a reader for a file of a sample. It also sets <see cref="CsvReader.BetterSeparator"/> where the feed gives no separator.
    /// </summary>
    internal static ValueTask<RecordReader> OpenSampleAsync(
        FileType type, CsvOptions csv, Stream content, string objectUri, CancellationToken cancellationToken)
        => OpenAsync(type, csv, new InputBuffer(content), objectUri, looksForBetter: true, cancellationToken);

    private static async ValueTask<RecordReader> OpenAsync(
        FileType type, CsvOptions csv, InputBuffer input, string objectUri, bool looksForBetter, CancellationToken cancellationToken)
    {
        try
        {
            return type switch
            {
                FileType.Csv => await OpenCsvAsync(input, csv, objectUri, looksForBetter, cancellationToken),
                FileType.Json => new JsonArrayReader(input, objectUri),
                FileType.Ndjson => new NdjsonReader(input, objectUri),
                _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
            };
        }
        catch
        {
            await input.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<CsvReader> OpenCsvAsync(
        InputBuffer input, CsvOptions csv, string objectUri, bool looksForBetter, CancellationToken cancellationToken)
    {
        var isGiven = csv is { IsSeparatorUnset: false, Separator: not null };
        csv = csv with { Separator = CsvSeparator.For(csv, objectUri) };
        if (csv.Separator is null || (looksForBetter && !isGiven))
            await input.FillToAsync(SeparatorDetector.SampleBytes, cancellationToken);
        csv = csv with { Separator = csv.Separator ?? SeparatorDetector.Detect(input.Unread, csv) };
        var better = looksForBetter && !isGiven ? SeparatorDetector.FindBetter(input.Unread, csv, csv.Separator) : null;
        return new CsvReader(input, csv, objectUri) { BetterSeparator = better };
    }
}
