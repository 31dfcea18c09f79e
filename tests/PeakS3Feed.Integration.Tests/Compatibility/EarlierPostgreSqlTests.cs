using Npgsql;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Compatibility;

/// <summary>Tables and ledger that version 0.1 made on PostgreSQL: its feeds go on, and their rows are those that it would have loaded.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class EarlierPostgreSqlTests
{
    private const string MadeIn = "made_by_0_1";

    [SkippableFact]
    public async Task Nothing_is_loaded_again_and_the_next_files_give_the_same_rows()
    {
        var server = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES");
        Skip.If(string.IsNullOrEmpty(server), "PEAKS3FEED_TEST_POSTGRES is not set");
        await using var database = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await database.OpenAsync();
        var name = "earlier_" + Guid.NewGuid().ToString("N")[..12];
        await RestoreAsync(database, "warehouse.sql", name);
        await RestoreAsync(database, "warehouse-after.sql", name + "_after");
        using var store = new EarlierStore();
        Point(store, server, name);
        await store.AlignLedgerAsync(database, $"{name}.peaks3feed_file");
        var engine = new FeedEngine(store.Paths, new FeedEngineOptions());
        var feeds = (await new DefinitionStore(store.Paths).ReadAsync()).Feeds.Where(f => f.DestinationNames.SequenceEqual(["warehouse"])).ToList();
        Assert.Equal(5, feeds.Count);

        var before = await TablesAsync(database, name);
        foreach (var feed in feeds)
            await SucceedAsync(engine, feed.Name);
        Assert.Equal(before, await TablesAsync(database, name));

        store.Add(wave: 2);
        foreach (var feed in feeds)
            await SucceedAsync(engine, feed.Name);
        Assert.Equal(await TablesAsync(database, name + "_after"), await TablesAsync(database, name));
        await ExecuteAsync(database, $"DROP SCHEMA {name} CASCADE; DROP SCHEMA {name}_after CASCADE");
    }

    private static async Task SucceedAsync(FeedEngine engine, string feed)
    {
        var run = await engine.RunAsync(feed, new RunOptions(), null, null, CancellationToken.None);
        Assert.True(run.Run.Status is RunStatus.Succeeded or RunStatus.NothingToDo, $"{feed}: {run.Error}");
    }

    private static void Point(EarlierStore store, string server, string schema)
    {
        var given = new NpgsqlConnectionStringBuilder(server);
        var password = Path.Combine(store.Home, "password");
        File.WriteAllText(password, given.Password);
        store.Replace("env:WAREHOUSE_PASSWORD", "file:" + password);
        store.Replace("54329", $"{given.Port}");
        store.Replace($"\"{MadeIn}\"", $"\"{schema}\"");
    }

    private static async Task RestoreAsync(NpgsqlConnection database, string dump, string schema)
        => await ExecuteAsync(database, (await File.ReadAllTextAsync(Path.Combine(EarlierStore.Fixture, dump))).Replace(MadeIn, schema, StringComparison.Ordinal));

    private static async Task ExecuteAsync(NpgsqlConnection database, string sql)
    {
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> TablesAsync(NpgsqlConnection database, string schema)
    {
        var all = new List<string>();
        foreach (var table in new[] { "pg_append", "pg_events", "pg_replace", "pg_upsert", "pg_zeros" })
            all.AddRange((await EarlierStore.RowsAsync(database, $"{schema}.{table}")).Select(r => $"{table}: {r}"));
        return all;
    }
}
