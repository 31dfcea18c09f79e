using PeakS3Feed.Integration.Worker.Serve;

namespace PeakS3Feed.Integration.Worker;

public sealed class StopTests
{
    [Fact]
    public async Task A_run_in_another_process_is_asked_to_stop_by_the_beginning_of_its_id()
    {
        using var store = await WorkerStore.WithFeedAsync("big", ", \"commitEveryObjects\": 3");
        await using var bucket = await HeldBucket.StartAsync(files: 3);
        await bucket.ConnectAsync(store.Engine);
        using var run = WorkerProcess.Start(store.Store, ["run", "big"], environment: HeldBucket.Environment);
        await bucket.ReachedAsync();

        var refused = (await store.RunAsync("run", "big")).Exits(3);
        var command = Assert.Single(refused.Error.Split('\n'), l => l.StartsWith("    peaks3feed stop ", StringComparison.Ordinal));
        var id = command.Split(' ')[^1];
        Assert.Equal($"Run {id[..8]} of feed big was asked to stop; its commits stay.\n", (await store.RunAsync("stop", id[..8])).Exits(0).Output);

        Assert.Contains("stopped: The run of feed big was stopped", (await run.EndAsync()).Exits(130).Error, StringComparison.Ordinal);
        Assert.Contains("has ended already", (await store.RunAsync("stop", id)).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("The history has no run", (await store.RunAsync("stop", "ffffffff-0000")).Exits(2).Error, StringComparison.Ordinal);
    }
}
