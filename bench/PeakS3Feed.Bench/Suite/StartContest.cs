using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>A run with nothing to do: what it costs to start. The peer is the same program without compiled code.</summary>
internal sealed class StartContest(BenchContext context, Feeds feeds, DataSet set)
{
    public async Task<Contest> CreateAsync()
    {
        await context.Data.MakeAsync(set);
        feeds.RemoveSqlite();
        var folder = Path.GetFileName(await context.Data.SplitAsync(set, files: 1, packed: false));
        var feed = await feeds.AddAsync(folder, set.Type, "lite", audited: true);
        var run = feeds.Run(feed);
        await ProcessRunner.RunAsync(run);
        // The setting of the runtime that the program had when the bar was set.
        var before = new Dictionary<string, string>(run.Environment, StringComparer.Ordinal) { ["DOTNET_TC_QuickJitForLoops"] = "0" };
        return new(
            BenchRows.StartIdle, "nothing",
            [
                new("peaks3feed run, as `dotnet publish` compiles it", null, run),
                new("the same from `dotnet build`", BenchRows.StartIdle, run with { File = context.BuiltWorker, Environment = before }),
            ]);
    }
}
