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
    public static async ValueTask<RecordReader> OpenAsync(
        FileType type, CsvOptions csv, Stream content, string objectUri, CancellationToken cancellationToken)
    {
        var input = new InputBuffer(content);
        try
        {
            return type switch
            {
                FileType.Csv => await OpenCsvAsync(input, csv, objectUri, cancellationToken),
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

    private static async ValueTask<CsvReader> OpenCsvAsync(InputBuffer input, CsvOptions csv, string objectUri, CancellationToken cancellationToken)
    {
        csv = csv with { Separator = CsvSeparator.For(csv, objectUri) };
        if (csv.Separator is null)
        {
            await input.FillToAsync(SeparatorDetector.SampleBytes, cancellationToken);
            csv = csv with { Separator = SeparatorDetector.Detect(input.Unread, csv) };
        }

        return new CsvReader(input, csv, objectUri);
    }
}
