using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Reads a file into typed columns and sums each of them, compared with DuckDB.</summary>
internal sealed class ReadContest(BenchContext context, DataSet set, bool packed, int threads)
{
    private static readonly string Columns = JsonSerializer.Serialize(BenchColumn.All.ToDictionary(c => c.Name, c => c.DuckDbType));

    public async Task<Contest> CreateAsync(string row)
    {
        await CompareHashesAsync(await context.Data.MakeAsync(set));
        return new(row, set.Size,
        [
            new Contestant($"peaks3feed's reader, {Threads}", Row: null, Ours("read")) { HashAsync = r => Task.FromResult<string?>(r.Output.Trim()) },
            new Contestant($"DuckDB, {Threads}", row, DuckDb("sums")) { HashAsync = r => Task.FromResult<string?>(r.Output.Trim()) },
        ]);
    }

    private string Threads => threads == 1 ? "one thread" : "two threads";

    private string Path => packed ? context.Data.Packed(set) : context.Data.Plain(set);

    private string Processors => threads == 1 ? "0" : "0,1";

    private Command Ours(string command) => new(BenchContext.Self, command, set.Type.ToString(), Path) { Processors = Processors };

    private Command DuckDb(string mode) => new(
        "node", System.IO.Path.Combine(context.Sources, "duckdb", "read.mjs"), mode, Path, threads.ToString(CultureInfo.InvariantCulture),
        set.Type.ToString().ToLowerInvariant(), Columns)
    {
        Processors = Processors,
    };

    // Sums are compared in every contest; the values themselves once, before it.
    private async Task CompareHashesAsync(FileSummary summary)
    {
        foreach (var command in (Command[])[Ours("hash"), DuckDb("hash")])
        {
            var hash = (await ProcessRunner.RunAsync(command)).Trim();
            if (hash != summary.Hash)
                throw new BenchException($"{command.File} reads other rows: {hash} instead of {summary.Hash}.");
        }
    }
}
