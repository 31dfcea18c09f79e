using PeakS3Feed.Engine;
using PeakS3Feed.Integration.Worker;
using PeakS3Feed.Integration.Worker.Serve;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers.Fires;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Integration.Watchers;

[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class NotifiedRunTests
{
    [SkippableFact]
    public async Task Run_tells_of_its_end_and_of_nothing_that_is_not_watched()
    {
        using var server = SmtpServer.Start("plain");
        using var store = await WorkerStore.WithFeedAsync();
        var engine = await WatchAsync(store, server);
        store.Put("in/a.csv", "id\n1\n2\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        (await store.RunAsync("run", "orders")).Exits(0);
        var mail = Assert.Single(server.Messages);
        Assert.Equal("Feed orders succeeded: 2 rows of 1 object loaded.", mail.Subject);
        Assert.Contains($"peaks3feed --store {store.Store} runs --run ", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Delivered, Assert.Single(await engine.Deliveries.ListAsync(null).ToListAsync()).State);
    }

    [SkippableFact]
    public async Task A_mail_server_that_is_down_fails_no_run_and_the_message_waits()
    {
        var server = SmtpServer.Start("plain");
        using var store = await WorkerStore.WithFeedAsync();
        var engine = await WatchAsync(store, server);
        server.Dispose();
        store.Put("in/a.csv", "id\n1\n");
        var run = (await store.RunAsync("run", "orders")).Exits(0);
        Assert.Contains("Watcher ops could not send a message: The mail server localhost:", run.Error, StringComparison.Ordinal);
        Assert.Equal((DeliveryState.Waiting, 1), (await engine.Deliveries.ListAsync(null).ToListAsync()).Select(d => (d.State, d.Attempts)).Single());
    }

    [SkippableFact]
    public async Task A_worker_that_serves_tells_of_runs_that_it_made_and_of_those_of_others()
    {
        using var server = SmtpServer.Start("plain");
        await using var h = await ServeHarness.StartAsync();
        await WatchAsync(h.Store, server); // while it serves
        h.Store.Put("in/a.csv", "id\n1\n");
        await h.EndedAsync(await h.AcceptedAsync());
        var first = Assert.Single(await server.TakesAsync(1));
        Assert.Equal("Feed orders succeeded: 1 row of 1 object loaded.", first.Subject);

        // The engine of the tests tells nobody by itself.
        h.Store.Put("in/b.csv", "id\n\"2\n");
        var failed = await h.Engine.RunAsync("orders", new(), null, null, default);
        Assert.NotNull(failed.Error);
        Assert.True(failed.IsWatched);
        var both = await server.TakesAsync(2);
        Assert.StartsWith($"Feed orders failed: {failed.Error.Message[..20]}", both[1].Subject, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_worker_that_stops_tells_of_the_run_that_it_lets_end()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var server = SmtpServer.Start("plain");
        await using var h = await ServeHarness.StartAsync();
        await WatchAsync(h.Store, server);
        h.Store.PutNumbers(4, 150_000);
        await h.AcceptedAsync();
        await h.FiresAsync(f => f.Exists(x => x.State == FireState.Started));
        await h.Process.SignalAsync("TERM");
        (await h.Process.EndAsync()).Exits(0);
        Assert.Equal("Feed orders succeeded: 600,000 rows of 4 objects loaded.", Assert.Single(server.Messages).Subject);
    }

    private static async Task<FeedEngine> WatchAsync(WorkerStore store, SmtpServer server)
    {
        var engine = new FeedEngine(StorePaths.Resolve(store.Store));
        await engine.Definitions.AddAsync(new S3FeedWatcher
        {
            Name = "ops", FeedName = S3FeedWatcher.AllFeeds, Kind = WatcherKind.Email, Events = [WatcherEvent.RunFailed, WatcherEvent.RunSucceeded],
            From = "feeds@acme.example", To = ["ops@example.com"], SmtpHost = "localhost", SmtpPort = server.Port, Security = SmtpSecurity.None,
        });
        return engine;
    }
}
