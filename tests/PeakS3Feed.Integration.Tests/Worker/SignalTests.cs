using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Worker;

[Trait(Category.Name, Category.Kill)]
public sealed class SignalTests
{
    private const int Files = 8;
    private const int RowsPerFile = 150_000;

    // In processor time, which other programs on the machine do not take away.
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    [SkippableTheory]
    [InlineData("INT", "Incremental", "")]
    [InlineData("TERM", "Incremental", "")]
    [InlineData("TERM", "Upsert", ", \"primaryKey\": [\"id\"]")]
    [InlineData("INT", "TruncateInsert", "")]
    public async Task A_signal_in_mid_run_ends_it_within_two_seconds_of_processor_time_and_the_next_run_goes_on(string signal, string loadType, string more)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var store = await WorkerStore.WithFeedAsync("big", $", \"loadType\": \"{loadType}\", \"commitEveryObjects\": 3{more}");
        store.PutNumbers(Files, RowsPerFile);
        using var run = store.Start("run", "big");
        await run.SaysAsync($"big: 0/{Files} objects");
        await run.WorksAsync(TimeSpan.FromMilliseconds(300));

        await run.SignalAsync(signal);
        var (result, used) = await run.EndAndMeasureAsync();
        result.Exits(130);
        Assert.InRange(used, TimeSpan.Zero, TwoSeconds);
        Assert.Contains("stopped: The run of feed big was stopped", result.Error, StringComparison.Ordinal);
        Assert.Contains("canceled", result.Row(" big ")[2], StringComparison.Ordinal);

        (await store.RunAsync("run", "big")).Exits(0);
        Assert.Equal([Files * RowsPerFile * 1L, Files * RowsPerFile * 1L], store.Query("SELECT count(*), count(DISTINCT id) FROM big")[0]);
    }

    [SkippableFact]
    public async Task A_signal_ends_the_waiting_for_a_database_that_somebody_else_writes_to()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id\n1\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        store.Put("in/b.csv", "id\n2\n");
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={store.Database};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            using var run = store.Start("run", "orders");
            await run.SaysAsync("warning: Feed orders waits for another program");
            await run.SignalAsync("TERM");
            // The database is still held: a run that waited for it to the end would fail with another exit code.
            var (result, used) = await run.EndAndMeasureAsync();
            result.Exits(130);
            Assert.InRange(used, TimeSpan.Zero, TwoSeconds);
        }
        (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Equal(2, store.Number("SELECT count(*) FROM orders"));
    }
}
