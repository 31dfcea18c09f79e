using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.S3;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Bench.Reading;

/// <summary>
/// Reads the files of a folder into typed columns and stages them as gzip CSV parts with a manifest. Each lane is one task that decompresses, parses,
/// types, encodes and compresses one file after the other.
/// </summary>
internal static class StagedRead
{
    /// <summary>Returns the number of rows, the number of parts and the text that stands for NULL.</summary>
    /// <param name="type">The format of the files.</param>
    /// <param name="from">The folder.</param>
    /// <param name="to">A folder, or <c>http://host:port/bucket</c> of an S3 server.</param>
    /// <param name="lanes">The number of lanes.</param>
    public static async Task<string> RunAsync(FileType type, string from, string to, int lanes)
    {
        await using var area = Open(to);
        var stage = new CsvStage(area, new LoadName(Guid.NewGuid(), 1), new CsvStageOptions("load/"));
        var files = new ConcurrentQueue<(string Path, int Ordinal)>(Directory.GetFiles(from).Order(StringComparer.Ordinal).Select((path, i) => (path, i)));
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(() => RunLaneAsync(type, files, stage))));
        var load = await stage.FinishAsync(CancellationToken.None);
        await CopyManifest.WriteAsync(area, "load/manifest", load.Parts, CancellationToken.None);
        return string.Create(CultureInfo.InvariantCulture, $"{load.Rows} {load.Parts.Count} {stage.NullText}");
    }

    private static async Task RunLaneAsync(FileType type, ConcurrentQueue<(string Path, int Ordinal)> files, CsvStage stage)
    {
        var schema = new FeedSchema(BenchColumn.All.Select(TypedRead.Column));
        await using var lane = stage.OpenLane();
        RowBatch? batch = null;
        while (files.TryDequeue(out var file))
        {
            var source = new SourceObject("bench", Path.GetFileName(file.Path), "-", new FileInfo(file.Path).Length, DateTimeOffset.UnixEpoch);
            var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            await using var content = await ContentStream.OpenAsync(stream, source.Uri, CancellationToken.None);
            await lane.BeginObjectAsync(source, file.Ordinal, undoable: false, CancellationToken.None);
            batch = await TypedRead.ReadAsync(type, content, source, schema, batch, rows => lane.WriteAsync(rows, CancellationToken.None));
            await lane.EndObjectAsync(CancellationToken.None);
        }
    }

    private static IStagingArea Open(string to)
    {
        if (!to.StartsWith("http", StringComparison.Ordinal))
            return new FolderStagingArea(to);
        var url = new Uri(to);
        var connection = new S3Connection
        {
            Name = "ceph", BucketName = url.AbsolutePath.Trim('/'), EndpointUrl = url.GetLeftPart(UriPartial.Authority), ForcePathStyle = true, Region = "us-east-1",
        };
        var clients = new AwsClients(
            connection, new SourceIdentity("bench", Guid.NewGuid()), new AccessKey(S3Access.KeyId, S3Access.Secret), NullLoggerFactory.Instance, TimeProvider.System);
        return new S3StagingArea(connection, "stage/", clients, NullLogger.Instance, "bench");
    }
}
