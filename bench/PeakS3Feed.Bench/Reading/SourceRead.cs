using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.S3;
using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Bench.Reading;

/// <summary>Reads the objects of a bucket into batches of typed rows, as a run does, without a destination.</summary>
internal static class SourceRead
{
    /// <summary>Returns the number of rows and the number of objects.</summary>
    /// <param name="type">The format of the objects.</param>
    /// <param name="url">The S3 server.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="lanes">How many objects are read at a time.</param>
    public static async Task<string> RunAsync(FileType type, string url, string bucket, int lanes)
    {
        var connection = new S3Connection { Name = "bench", BucketName = bucket, EndpointUrl = url, ForcePathStyle = true, Region = "us-east-1" };
        await using var source = SourceFactory.Open(
            connection, new SourceIdentity("bench", Guid.NewGuid()), new AccessKey(S3Access.KeyId, S3Access.Secret), NullLoggerFactory.Instance, TimeProvider.System);
        await using var listing = new BegunItems<SourceObject>(c => source.ListAsync("in/", c), CancellationToken.None); // as a run begins it
        var schema = new FeedSchema(BenchColumn.All.Select(TypedRead.Column));
        ReadingRehearsal.Begin(new S3Feed { Name = "bench", ConnectionName = "bench", FileType = type, Schema = schema }); // as a run does
        using var plan = new PlanFile(bucket);
        var objects = 0;
        await foreach (var found in listing.ReadAsync(CancellationToken.None))
        {
            plan.Add(found, targets: 1, loaded: [null]);
            objects++;
        }

        plan.Seal();
        plan.Assign(1, long.MaxValue, 0);
        var rows = await ReadAsync(type, source, plan, lanes, schema);
        return string.Create(CultureInfo.InvariantCulture, $"{rows} {objects}");
    }

    private static async Task<long> ReadAsync(FileType type, IObjectSource source, PlanFile plan, int lanes, FeedSchema schema)
    {
        var feed = new S3Feed { Name = "bench", ConnectionName = "bench", DestinationNames = ["none"], FileType = type };
        var (pool, limit) = (new BatchPool(), new ReadAheadLimit(lanes));
        var reader = new ObjectReader(feed, new RowAssemblerOptions { FeedName = "bench" }, pool, limit);
        await using var running = new ObjectLanes(
            lanes, plan, 1, source, reader, limit, new RunMeter(null, TimeProvider.System), pool, schema, CancellationToken.None);
        var rows = 0L;
        await foreach (var reading in running.InOrderAsync(CancellationToken.None))
        {
            running.BeginTurn(reading);
            while (await reading.WaitAsync(CancellationToken.None) && reading.TryTake(out var batch))
            {
                running.Taken(reading, batch.Rows.CapacityInBytes);
                rows += batch.Rows.Count;
                pool.Return(batch.Rows);
                if (batch.EndOfFile)
                    break;
            }

            if (reading.Failure is { } failure)
                throw failure;
        }

        return rows;
    }
}
