using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.S3;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Reads gzip CSV into typed columns and writes them as gzip CSV parts, compared with DuckDB.</summary>
internal sealed class StageContests(BenchContext context)
{
    private const int Files = 8;

    /// <summary>Into a folder.</summary>
    public async Task<Contest> FolderAsync(DataSet set)
    {
        var summary = await context.Data.MakeAsync(set);
        var from = await context.Data.SplitAsync(set, Files);
        var peer = new Contestant("DuckDB's COPY TO, two threads", BenchRows.StageCsv, DuckDb("copy", Path.Combine(from, "*.csv.gz"), Columns([]), PeerFile()))
        {
            PrepareAsync = () =>
            {
                File.Delete(PeerFile());
                return Task.CompletedTask;
            },
            HashAsync = async _ => Expect(summary, await ProcessRunner.RunAsync(DuckDb("hash", PeerFile(), Columns([]), "{}"))),
        };
        return new("stage", set.Size,
        [
            Ours("two lanes on two processors", row: null, from, lanes: 2, "0,1", summary),
            Ours("one lane on one processor", BenchRows.StageLanes, from, lanes: 1, "0", summary),
            Ours("three lanes on two processors", row: "", from, lanes: 3, "0,1", summary),
            peer,
        ], summary.Hash);
    }

    /// <summary>Into a bucket of the tests' Ceph, on the same machine.</summary>
    public async Task<Contest> CephAsync(DataSet set)
    {
        var summary = await context.Data.MakeAsync(set);
        var from = await context.Data.SplitAsync(set, Files);
        using (var client = S3Access.Client(context.S3Endpoint))
            await client.PutBucketAsync(Bucket);
        var ours = new Contestant("peaks3feed, two lanes, into Ceph", Row: null, Stage(from, $"{context.S3Endpoint}/{Bucket}", 2, "0,1"))
        {
            HashAsync = run => run.Output.StartsWith(summary.Rows.ToString(CultureInfo.InvariantCulture) + " ", StringComparison.Ordinal)
                ? Task.FromResult<string?>(null) : throw new BenchException($"It staged other rows: {run.Output}"),
        };
        return new(BenchRows.StageCeph, set.Size, [ours]);
    }

    private static string Bucket => CephBucket.Name + "-stage";

    private Contestant Ours(string how, string? row, string from, int lanes, string processors, FileSummary summary)
    {
        var to = context.Place("stage", string.Create(CultureInfo.InvariantCulture, $"lanes-{lanes}"));
        return new($"peaks3feed, {how}", row, Stage(from, to, lanes, processors))
        {
            PrepareAsync = () =>
            {
                if (Directory.Exists(to))
                    Directory.Delete(to, recursive: true);
                return Task.CompletedTask;
            },
            HashAsync = async run =>
            {
                var nullText = run.Output.Trim().Split(' ')[2];
                var options = JsonSerializer.Serialize(new { header = false, nullText });
                var hash = DuckDb("hash", Path.Combine(to, "load", "*.csv.gz"), Columns(["stage_object", "stage_row"]), options);
                return Expect(summary, await ProcessRunner.RunAsync(hash));
            },
        };
    }

    private static string Expect(FileSummary summary, string output)
        => output.Trim() == summary.Hash ? summary.Hash : throw new BenchException($"It wrote other rows: {output.Trim()} instead of {summary.Hash}.");

    private static Command Stage(string from, string to, int lanes, string processors)
        => new(BenchContext.Self, "stage", "Csv", from, to, lanes.ToString(CultureInfo.InvariantCulture)) { Processors = processors };

    private Command DuckDb(string mode, string file, string columns, string last)
        => new("node", Path.Combine(context.Sources, "duckdb", "read.mjs"), mode, file, "2", "csv", columns, last) { Processors = "0,1" };

    private string PeerFile() => context.Place("stage", "duckdb.csv.gz");

    private static string Columns(IEnumerable<string> before) => JsonSerializer.Serialize(
        before.Select(n => (Name: n, Type: "BIGINT")).Concat(BenchColumn.All.Select(c => (c.Name, Type: c.DuckDbType))).ToDictionary(c => c.Name, c => c.Type));
}
