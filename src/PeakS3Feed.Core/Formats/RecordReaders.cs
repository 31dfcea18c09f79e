using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Formats;

/// <summary>Opens the reader for a type of file.</summary>
public static class RecordReaders
{
    /// <summary>
    /// Opens a reader over decompressed content, which it owns. A CSV separator that is not given is detected in the first 64 KiB.
    /// Throws with id <c>FileTypeNotSupported</c>, <c>EncodingNotUtf8</c> or <c>CsvDialectInvalid</c>; the content is then disposed.
    /// </summary>
    public static async ValueTask<RecordReader> OpenAsync(
        FileType type, CsvOptions csv, Stream content, string objectUri, CancellationToken cancellationToken)
    {
        var input = new InputBuffer(content);
        try
        {
            if (type != FileType.Csv)
                throw FormatErrors.FileTypeNotSupported(type);
            if (csv.Separator is null)
            {
                await input.FillToAsync(SeparatorDetector.SampleBytes, cancellationToken);
                csv = csv with { Separator = SeparatorDetector.Detect(input.Unread, csv) };
            }

            return new CsvReader(input, csv, objectUri);
        }
        catch
        {
            await input.DisposeAsync();
            throw;
        }
    }
}
