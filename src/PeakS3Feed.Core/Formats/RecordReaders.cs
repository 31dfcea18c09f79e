using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Json;

namespace PeakS3Feed.Formats;

/// <summary>Opens the reader for a type of file.</summary>
public static class RecordReaders
{
    /// <summary>
    /// Opens a reader over decompressed content, which it owns. The separator of CSV is what <see cref="CsvSeparator.For"/> says; it is detected in the first 64 KiB where that is null.
    /// Throws with id <c>CsvDialectInvalid</c>; the content is then disposed. The dialect means nothing to JSON.
    /// </summary>
    public static ValueTask<RecordReader> OpenAsync(
        FileType type, CsvOptions csv, Stream content, string objectUri, CancellationToken cancellationToken)
        => OpenAsync(type, csv, content, objectUri, looksForBetter: false, cancellationToken);

    /// <summary>The same for a file of a sample: <see cref="CsvReader.BetterSeparator"/> is looked for where no separator was given.</summary>
    internal static ValueTask<RecordReader> OpenSampleAsync(
        FileType type, CsvOptions csv, Stream content, string objectUri, CancellationToken cancellationToken)
        => OpenAsync(type, csv, content, objectUri, looksForBetter: true, cancellationToken);

    private static async ValueTask<RecordReader> OpenAsync(
        FileType type, CsvOptions csv, Stream content, string objectUri, bool looksForBetter, CancellationToken cancellationToken)
    {
        var input = new InputBuffer(content);
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
