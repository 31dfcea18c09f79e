using Microsoft.Data.Sqlite;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Compatibility;

/// <summary>A store, a history and a SQLite database that version 0.1 made: its feeds go on, and their rows are those that it would have loaded.</summary>
public sealed class EarlierVersionTests
{
    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task Nothing_is_loaded_again_and_the_next_files_give_the_same_rows()
    {
        using var store = new EarlierStore();
        var engine = new FeedEngine(store.Paths, new FeedEngineOptions());
        await using var database = Open(Path.Combine(store.Home, "local.db"));
        await store.AlignLedgerAsync(database);
        await using var after = Open(Path.Combine(EarlierStore.Fixture, "local-after.db"));
        var feeds = (await new DefinitionStore(store.Paths).ReadAsync()).Feeds.Where(f => f.DestinationNames.SequenceEqual(["local"])).ToList();
        Assert.Equal(17, feeds.Count);

        var before = await TablesAsync(database);
        foreach (var feed in feeds)
            await engine.RunAsync(feed.Name, new RunOptions(), null, null, CancellationToken.None);
        Assert.Equal(before, await TablesAsync(database));

        store.Add(wave: 2);
        foreach (var feed in feeds)
        {
            var run = await engine.RunAsync(feed.Name, new RunOptions(), null, null, CancellationToken.None);
            Assert.True(feed.Name == "fails" == (run.Run.Status == RunStatus.Failed), $"{feed.Name}: {run.Error}");
        }
        Assert.Equal(await TablesAsync(after), await TablesAsync(database));
    }

    [Fact]
    public async Task The_history_is_read_and_goes_on()
    {
        using var store = new EarlierStore();
        var history = new RunHistory(store.Paths.StateDirectory);
        var runs = await history.ListAsync().ToListAsync();

        Assert.Equal(22, runs.Count);
        Assert.All(runs, r => Assert.Equal(0, r.WarningCount));
        var failed = Assert.Single(runs, r => r.Status == RunStatus.Failed);
        Assert.Equal("CsvQuoteNotClosed", failed.ErrorId);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=60");
        connection.Open();
        return connection;
    }

    private static async Task<List<string>> TablesAsync(SqliteConnection database)
    {
        var names = new List<string>();
        await using (var select = database.CreateCommand())
        {
            select.CommandText = "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'peaks3feed%' ORDER BY name";
            await using var row = await select.ExecuteReaderAsync();
            while (await row.ReadAsync())
                names.Add(row.GetString(0));
        }
        var all = new List<string>();
        foreach (var name in names)
            all.AddRange((await EarlierStore.RowsAsync(database, $"\"{name}\"")).Select(r => $"{name}: {r}"));
        return all;
    }
}
