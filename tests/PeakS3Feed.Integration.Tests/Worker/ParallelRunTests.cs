using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Worker;

public sealed class ParallelRunTests
{
    private const int Feeds = 3;
    private const int RowsPerFeed = 600_000;

    [Fact]
    public async Task Feeds_run_at_the_same_time_and_the_table_has_their_order()
    {
        using var store = await NewStoreAsync(rows: 20);
        store.Put("n2/bad.csv", "id\nx\n");
        var result = (await store.RunAsync("run", "nope", "n3", "n1", "n2", "N1", "--parallel", "3")).Exits(1);
        var rows = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.Equal(["n3", "n1", "n2"], rows.Select(r => r.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.Equal("failed", result.Row(" n2 ")[2]);
        Assert.Equal("succeeded", result.Row(" n3 ")[2]);
        Assert.Contains("n1: 0/1 object, 0 B/", result.Error, StringComparison.Ordinal);
        Assert.Contains("s3://lake/n2/bad.csv, line 2, column \"id\"", result.Error, StringComparison.Ordinal);
        Assert.Contains("There is no feed named nope", result.Error, StringComparison.Ordinal);
        Assert.Equal(20, Count(store, 1));
        Assert.Equal(20, Count(store, 3));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public async Task A_limit_that_is_not_a_number_of_feeds_is_refused(string limit)
    {
        using var store = await NewStoreAsync(rows: 1);
        Assert.Contains($"\"{limit}\" is not a whole number greater than 0.", (await store.RunAsync("run", "n1", $"--parallel={limit}")).Exits(2).Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("KILL")]
    [Trait(Category.Name, Category.Kill)]
    public async Task A_signal_stops_all_runs_and_the_next_command_loads_each_row_once(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var store = await NewStoreAsync(RowsPerFeed);
        using (var run = store.Start("run", "n*", "--parallel", "3"))
        {
            for (var feed = 1; feed <= Feeds; feed++)
                await run.SaysAsync($"n{feed}: 0/1 object");
            await run.WorksAsync(TimeSpan.FromMilliseconds(200));
            await run.SignalAsync(signal);
            var result = await run.EndAsync();
            if (signal == "INT")
            {
                result.Exits(130);
                Assert.Equal(Feeds, result.Output.Split("canceled").Length - 1);
                Assert.Equal(Feeds, result.Error.Split("stopped: The run of feed n").Length - 1);
            }
        }
        Assert.DoesNotContain("running", (await store.RunAsync("runs")).Exits(0).Output, StringComparison.Ordinal);
        (await store.RunAsync("run", "n*", "--parallel", "3")).Exits(0);
        Assert.All(Enumerable.Range(1, Feeds), feed => Assert.Equal(RowsPerFeed, Count(store, feed)));
    }

    // A database for each feed, because the loads of one SQLite file follow each other.
    private static async Task<WorkerStore> NewStoreAsync(int rows)
    {
        var store = new WorkerStore();
        var destinations = Enumerable.Range(1, Feeds).Select(n => $$"""{ "kind": "Sqlite", "name": "lite{{n}}", "path": "{{n}}.db" }""");
        var feeds = Enumerable.Range(1, Feeds).Select(n => $$"""
            { "name": "n{{n}}", "connectionName": "lake", "path": "n{{n}}/", "fileType": "Csv", "destinationNames": ["lite{{n}}"], "schema": [ { "name": "id", "type": "bigint" } ] }
            """);
        var document = store.Document(feeds).Replace("\"feeds\":", $"\"destinations\": [ {string.Join(", ", destinations)} ], \"feeds\":", StringComparison.Ordinal);
        (await store.RunAsync(["import", "-"], document)).Exits(0);
        for (var n = 1; n <= Feeds; n++)
            store.Put($"n{n}/a.csv", "id\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i}\n")));
        return store;
    }

    private static long Count(WorkerStore store, int feed)
    {
        var rows = WorkerStore.Query(Path.Combine(store.Store, $"{feed}.db"), $"SELECT count(*), count(DISTINCT id) FROM n{feed}")[0];
        Assert.Equal(rows[0], rows[1]);
        return (long)rows[0]!;
    }
}
