using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Fuzz.Memory;

/// <summary>Loads files that are larger than memory should ever be, one at a time, and measures what is live meanwhile.</summary>
internal static class MemoryCheck
{
    /// <summary>
    /// Eight rows of the longest kind. The buffer of the file holds one; a value whose escapes are removed is held unescaped by the JSON
    /// parser, in the record and in its column, and each of these grows by doubling, to two at most; the rest is for what does not depend on the row.
    /// </summary>
    public const long MostBytes = 8L * RecordReader.MaxRowBytes;

    private static readonly FeedSchema Schema = new([new("a", "a", ColumnType.Text), new("b", "b", ColumnType.Text)]);

    /// <summary>Whether all files were read as they must within the limit.</summary>
    public static async Task<bool> RunAsync()
    {
        var fine = true;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var file in LargeFile.All())
        {
            var stream = new MeasuredStream(file.Beginning, file.Block, file.Times, file.End);
            var (rows, error) = await LoadAsync(file, stream);
            var used = stream.Peak - before;
            var isFine = rows == file.Rows && error == file.Error && used <= MostBytes;
            fine &= isFine;
            Console.WriteLine($"{(isFine ? "" : "FAILED: ")}{file.Type}, {file.Name}: {rows} rows and rejects, {error ?? "no error"}, {used / 1024 / 1024} MiB at most"
                + (isFine ? "" : $"; expected {file.Rows}, {file.Error ?? "no error"}, {MostBytes / 1024 / 1024} MiB"));
        }

        return fine;
    }

    private static async Task<(long Rows, string? Error)> LoadAsync(LargeFile file, MeasuredStream stream)
    {
        var source = new SourceObject("fuzz", "in/large", "e", 0, DateTimeOffset.UnixEpoch);
        var rows = 0L;
        try
        {
            var content = await ContentStream.OpenAsync(stream, source.Uri, CancellationToken.None);
            await using var reader = await RecordReaders.OpenAsync(new(file.Type, new CsvOptions()), content, source.Uri, CancellationToken.None);
            var assembler = new RowAssembler(Schema, new RowAssemblerOptions { FeedName = "fuzz", NewFields = NewFieldAction.Ignore });
            AssembledBatch? batch = null;
            do
            {
                batch = await assembler.ReadAsync(reader, source, batch?.Rows, long.MaxValue, CancellationToken.None);
                rows += batch.RowsRead;
                // Not every one of the batches that are small.
                if (batch.RowsRead < 100 || rows % (1 << 20) < batch.RowsRead)
                    stream.Measure();
            }
            while (!batch.EndOfFile);
            return (rows, null);
        }
        catch (FeedException e)
        {
            stream.Measure();
            return (rows, e.Id);
        }
    }
}
