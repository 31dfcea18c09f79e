using System.Collections.Concurrent;
using System.Globalization;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Bench.Reading;

/// <summary>
/// Reads the files of a folder into typed columns and writes them as Parquet files, as a load into an S3 external table does. Each lane is one task
/// that decompresses, parses, types, encodes and compresses one file after the other.
/// </summary>
internal static class ParquetRead
{
    /// <summary>Returns the number of rows and of files.</summary>
    /// <param name="type">The format of the files.</param>
    /// <param name="from">The folder.</param>
    /// <param name="to">The folder of the Parquet files.</param>
    /// <param name="lanes">The number of lanes.</param>
    /// <param name="compression">The codec.</param>
    public static async Task<string> RunAsync(FileType type, string from, string to, int lanes, ParquetCompression compression)
    {
        await using var area = new FolderStagingArea(to);
        var files = new ConcurrentQueue<string>(Directory.GetFiles(from).Order(StringComparer.Ordinal));
        var written = new ConcurrentBag<ParquetFileInfo>();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(async () =>
        {
            await using var writing = new Lane(area, lane, new ParquetOptions(compression), written);
            await writing.RunAsync(type, files);
        })));
        return string.Create(CultureInfo.InvariantCulture, $"{written.Sum(f => f.Rows)} {written.Count}");
    }

    private sealed class Lane(FolderStagingArea area, int lane, ParquetOptions options, ConcurrentBag<ParquetFileInfo> written) : IAsyncDisposable
    {
        private readonly FeedSchema _schema = new(BenchColumn.All.Select(TypedRead.Column));
        private ParquetFileWriter? _writer;
        private int _files;

        public async Task RunAsync(FileType type, ConcurrentQueue<string> files)
        {
            RowBatch? batch = null;
            while (files.TryDequeue(out var path))
            {
                var source = new SourceObject("bench", Path.GetFileName(path), "-", new FileInfo(path).Length, DateTimeOffset.UnixEpoch);
                var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
                await using var content = await ContentStream.OpenAsync(stream, source.Uri, CancellationToken.None);
                batch = await TypedRead.ReadAsync(type, content, source, _schema, batch, WriteAsync);
            }
            await EndFileAsync();
        }

        public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? ValueTask.CompletedTask;

        private async Task WriteAsync(RowBatch batch)
        {
            _writer ??= Begin();
            await _writer.WriteAsync(batch.Columns.ToArray(), 0, batch.Count, CancellationToken.None);
            if (_writer.Bytes >= options.FileBytes)
                await EndFileAsync();
        }

        private ParquetFileWriter Begin()
        {
            var output = area.Create(string.Create(CultureInfo.InvariantCulture, $"{lane}-{_files++}.parquet"));
            return new(output, [.. _schema.Columns.Select((c, i) => new ParquetField(c, i + 1))], options);
        }

        private async Task EndFileAsync()
        {
            if (_writer is null)
                return;
            written.Add(await _writer.CompleteAsync(CancellationToken.None));
            await _writer.DisposeAsync();
            _writer = null;
        }
    }
}
