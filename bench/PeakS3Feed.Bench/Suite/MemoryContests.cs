using PeakS3Feed.Bench.Checks;
using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Loads large files with PeakS3Feed only, to measure its peak memory.</summary>
internal sealed class MemoryContests(BenchContext context, Feeds feeds)
{
    public async Task<Contest> CsvAsync(DataSet set)
    {
        var summary = await context.Data.MakeAsync(set);
        return new(BenchRows.MemoryCsv, set.Size, [await IntoPostgresAsync(set, set.Name + "-gz"), await IntoSqliteAsync(set)], summary.Hash, Meter);
    }

    public async Task<Contest> JsonAsync(DataSet set)
    {
        var summary = await context.Data.MakeAsync(set);
        return new(BenchRows.MemoryJson, set.Size, [await IntoPostgresAsync(set, set.Name)], summary.Hash, Meter);
    }

    private PostgresMeter Meter => PostgresMeter.Of(context.Postgres.DataFolder);

    private async Task<Contestant> IntoPostgresAsync(DataSet set, string folder)
    {
        var feed = await feeds.AddAsync(folder, set.Type, "pg", audited: false);
        return new("peaks3feed run, into PostgreSQL", Row: null, feeds.Run(feed))
        {
            PrepareAsync = async () =>
            {
                await feeds.ResetAsync(feed);
                await context.Postgres.CheckpointAsync();
            },
            HashAsync = async _ =>
            {
                var hash = await new PostgresRows(context.Postgres).HashAsync(feed);
                await feeds.ResetAsync(feed);
                return hash;
            },
        };
    }

    private async Task<Contestant> IntoSqliteAsync(DataSet set)
    {
        var feed = await feeds.AddAsync(set.Name + "-gz", set.Type, "lite", audited: false);
        return new("peaks3feed run, into SQLite", Row: null, feeds.Run(feed))
        {
            PrepareAsync = () =>
            {
                feeds.RemoveSqlite();
                return Task.CompletedTask;
            },
            HashAsync = _ => Task.FromResult<string?>(SqliteRows.Hash(feeds.SqlitePath, feed)),
        };
    }
}
