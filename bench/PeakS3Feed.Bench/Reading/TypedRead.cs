using PeakS3Feed.Bench.Data;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Bench.Reading;

/// <summary>Reads a file into typed columns with the core's public API, and computes sums or a hash of the rows.</summary>
internal static class TypedRead
{
    public static async Task<string> RunAsync(FileType type, string path, bool hash)
    {
        var schema = new FeedSchema(BenchColumn.All.Select(Column));
        var source = new SourceObject("bench", Path.GetFileName(path), "-", new FileInfo(path).Length, DateTimeOffset.UnixEpoch);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using var content = Ahead(await ContentStream.OpenAsync(file, source.Uri, CancellationToken.None), path);
        var sums = new ColumnSums(BenchColumn.All.Count);
        var hashes = new BatchHash();
        await ReadAsync(type, content, source, schema, batch: null, batch =>
        {
            if (hash)
                hashes.Add(batch);
            else
                sums.Add(batch);
            return Task.CompletedTask;
        });
        return hash ? hashes.ToString() : sums.ToString();
    }

    /// <summary>Reads a decompressed file and passes each batch of typed rows on. Returns the last batch, for reuse.</summary>
    public static async Task<RowBatch> ReadAsync(
        FileType type, Stream content, SourceObject source, FeedSchema schema, RowBatch? batch, Func<RowBatch, Task> take)
    {
        await using var reader = await RecordReaders.OpenAsync(new(type, new CsvOptions()), content, source.Uri, CancellationToken.None);
        var assembler = new RowAssembler(schema, new RowAssemblerOptions { FeedName = "bench" });
        while (true)
        {
            var assembled = await assembler.ReadAsync(reader, source, batch, maxRejects: 1, CancellationToken.None);
            if (assembled.Rejects.Count > 0)
                throw new InvalidOperationException($"A row was rejected: {assembled.Rejects[0].Reason}");
            batch = assembled.Rows;
            await take(batch);
            if (assembled.EndOfFile)
                return batch;
        }
    }

    // As in a run. A plain file needs no decompression in parallel to the parsing.
    private static Stream Ahead(Stream content, string path) => path.EndsWith(".gz", StringComparison.Ordinal) ? new ReadAheadStream(content) : content;

    /// <summary>Returns the column as a feed has it.</summary>
    public static FeedColumn Column(BenchColumn column)
    {
        var (type, scale) = ColumnTypes.Parse(column.Type);
        return new(column.Name, column.Name, type, scale);
    }
}
