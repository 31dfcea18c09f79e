using PeakS3Feed.Bench.Checks;
using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Loads a gzipped CSV into a new SQLite file, with the types of PeakS3Feed's CREATE TABLE.</summary>
internal sealed class SqliteContest(BenchContext context, Feeds feeds, DataSet set)
{
    private const string PeerTable = "peer";

    public async Task<Contest> CreateAsync(bool audited)
    {
        var summary = await context.Data.MakeAsync(set);
        var contestants = new List<Contestant> { await OursAsync(audited: false) };
        if (audited)
            contestants.Add(await OursAsync(audited: true));
        contestants.Add(await PeerAsync());
        return new(BenchRows.SqliteCsv, set.Size, contestants, summary.Hash);
    }

    private async Task<Contestant> OursAsync(bool audited)
    {
        var feed = await feeds.AddAsync(set.Name + "-gz", set.Type, "lite", audited);
        return new(audited ? "peaks3feed run, all audit columns" : "peaks3feed run", Row: null, feeds.Run(feed))
        {
            PrepareAsync = () =>
            {
                feeds.RemoveSqlite();
                return Task.CompletedTask;
            },
            HashAsync = _ => Task.FromResult<string?>(SqliteRows.Hash(feeds.SqlitePath, feed)),
        };
    }

    private async Task<Contestant> PeerAsync()
    {
        var path = context.Place("peer.db");
        var definition = (await DefinitionAsync()).ReplaceLineEndings(" ");
        var import = new Command("sqlite3", path, ".mode csv", $".import --skip 1 \"|gzip -dc {context.Data.Packed(set)}\" {PeerTable}");
        return new("sqlite3 .import, CSV from gzip -dc", BenchRows.SqliteCsv, import)
        {
            PrepareAsync = async () =>
            {
                File.Delete(path);
                await ProcessRunner.RunAsync(new("sqlite3", path, definition));
            },
            HashAsync = _ => Task.FromResult<string?>(SqliteRows.Hash(path, PeerTable)),
        };
    }

    private async Task<string> DefinitionAsync()
    {
        var small = DataSet.Find("csv-xs");
        await context.Data.MakeAsync(small);
        var feed = await feeds.AddAsync("csv-xs-gz", small.Type, "lite", audited: false);
        feeds.RemoveSqlite();
        await ProcessRunner.RunAsync(feeds.Run(feed));
        return SqliteRows.Definition(feeds.SqlitePath, feed).Replace($"\"{feed}\"", PeerTable, StringComparison.Ordinal);
    }
}
