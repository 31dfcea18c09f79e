using System.Text.Json;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.S3;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Loads CSV into a table of Parquet files in a folder, compared with DuckDB, which writes a Parquet file.</summary>
internal sealed class ParquetContests(BenchContext context, Feeds feeds)
{
    private const int Files = 8;

    /// <summary>Creates a contest.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="set">The data.</param>
    /// <param name="packed">Whether the files are compressed.</param>
    public async Task<Contest> CreateAsync(string row, DataSet set, bool packed)
    {
        var summary = await context.Data.MakeAsync(set);
        var from = await context.Data.SplitAsync(set, Files, packed);
        Contestant[] contestants =
        [
            await OursAsync(set, from, summary, "zstd", row: null), DuckDb("zstd", row),
            await OursAsync(set, from, summary, "snappy", row: ""), DuckDb("snappy", row: ""),
        ];
        return new(row, set.Size, contestants, summary.Hash);

        Contestant DuckDb(string codec, string? row)
        {
            var to = context.Place("parquet", $"{codec}-duckdb", "rows.parquet");
            return new($"DuckDB's COPY TO, two threads, {codec}", row, Node("parquet", Path.Combine(from, "*.csv*"), "csv", to, codec))
            {
                PrepareAsync = () => EmptyAsync(Path.GetDirectoryName(to)!),
                HashAsync = _ => HashAsync(to, summary),
            };
        }
    }

    /// <summary>Into a bucket of the tests' Ceph, on the same machine, and into a folder beside it.</summary>
    public async Task<Contest> CephAsync(DataSet set)
    {
        const string destination = "ceph";
        var summary = await context.Data.MakeAsync(set);
        var from = await context.Data.SplitAsync(set, Files, packed: false);
        using (var client = S3Access.Client(context.S3Endpoint))
            await client.PutBucketAsync(Bucket);
        await feeds.ConnectAsync("ceph_tables", Bucket, context.S3Endpoint);
        await feeds.AddTablesAtAsync(destination, "ceph_tables", "zstd", fileMiB: 128);
        var feed = await feeds.AddAsync(Path.GetFileName(from), set.Type, destination, audited: false);
        var copy = context.Place("parquet", "ceph", "x")[..^2];
        var ours = new Contestant("peaks3feed run, two lanes, zstd, into Ceph", Row: null, feeds.Run(feed) with { Processors = "0,1" })
        {
            PrepareAsync = () => BucketCopy.EmptyAsync(context.S3Endpoint, Bucket),
            HashAsync = async _ =>
            {
                await EmptyAsync(copy);
                await BucketCopy.DownloadAsync(context.S3Endpoint, Bucket, ".parquet", copy);
                return await HashAsync(Path.Combine(copy, "*.parquet"), summary);
            },
        };
        return new(BenchRows.ParquetCeph, set.Size, [ours, await OursAsync(set, from, summary, "zstd", row: "")], summary.Hash);
    }

    private static string Bucket => CephBucket.Name + "-tables";

    private async Task<Contestant> OursAsync(DataSet set, string from, FileSummary summary, string codec, string? row)
    {
        await feeds.AddTablesAsync(codec, codec, fileMiB: 128);
        var feed = await feeds.AddAsync(Path.GetFileName(from), set.Type, codec, audited: false);
        var table = Path.Combine(feeds.TablesOf(codec), feed);
        return new($"peaks3feed run, two lanes, {codec}", row, feeds.Run(feed) with { Processors = "0,1" })
        {
            PrepareAsync = () => EmptyAsync(table),
            HashAsync = _ => HashAsync(Path.Combine(table, "*.parquet"), summary),
        };
    }

    // The peer gets no wider decimals than the data need: for those of 38 digits that we write, it would take four times as long.
    private static string Columns { get; } = JsonSerializer.Serialize(
        BenchColumn.All.ToDictionary(
            c => c.Name, c => c.DuckDbType.StartsWith("DECIMAL", StringComparison.Ordinal) ? "DECIMAL(18,2)" : c.DuckDbType));

    private static Task EmptyAsync(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return Task.CompletedTask;
    }

    private async Task<string?> HashAsync(string files, FileSummary summary)
    {
        var hash = (await ProcessRunner.RunAsync(Node("hash", files, "parquet"))).Trim();
        return hash == summary.Hash ? hash : throw new BenchException($"It wrote other rows: {hash} instead of {summary.Hash}.");
    }

    private Command Node(string mode, string files, string format, params IEnumerable<string> last)
        => new("node", [Path.Combine(context.Sources, "duckdb", "read.mjs"), mode, files, "2", format, Columns, .. last]) { Processors = "0,1" };
}
