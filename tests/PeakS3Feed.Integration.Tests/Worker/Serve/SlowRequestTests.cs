using PeakS3Feed.Runs;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Integration.Worker.Serve;

public sealed class SlowRequestTests
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded\r\n";

    [SkippableFact]
    public async Task A_slow_request_holds_no_stop_up()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        await using var h = await ServeHarness.StartAsync(["--stop-limit", "00:00:00"]);
        h.Store.PutNumbers(8, 150_000);
        using var slow = await SlowRequest.BeginAsync(h.Client.BaseAddress!, "/login", Form, length: 16_000, drips: true);
        var run = await h.AcceptedAsync();
        while (await h.Engine.History.FindAsync(run) is null)
            await Task.Delay(10);
        Assert.False(slow.Answer.IsCompleted);
        await h.Process.SignalAsync("TERM");
        (await h.Process.EndAsync()).Exits(0);
        // It would have succeeded if it had been told to stop only after the request.
        Assert.Equal(RunStatus.Canceled, (await h.EndedAsync(run)).Status);
        Assert.Equal(FireState.Queued, Assert.Single(await h.Engine.Fires.ListAsync(null).ToListAsync()).State);
        Assert.Equal("", await slow.Answer);
    }
}
