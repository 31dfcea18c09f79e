using System.Diagnostics;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Integration.Worker.Serve;

[Trait(Category.Name, Category.Kill)]
public sealed class SlowRequestTests
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded\r\n";

    [SkippableFact]
    public async Task A_slow_request_holds_no_stop_up()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        await using var bucket = await HeldBucket.StartAsync();
        await using var h = await ServeHarness.StartAsync(["--stop-limit", "00:00:00"], environment: HeldBucket.Environment);
        await bucket.ConnectAsync(h.Engine);
        using var slow = await SlowRequest.BeginAsync(h.Client.BaseAddress!, "/login", Form, length: 16_000, drips: true);
        var run = await h.AcceptedAsync();
        await bucket.ReachedAsync();
        Assert.False(slow.Answer.IsCompleted);
        await h.Process.SignalAsync("TERM");
        Assert.DoesNotContain("unhandled", (await h.Process.EndAsync()).Exits(0).Error, StringComparison.Ordinal);
        // It would have succeeded if it had been told to stop only after the request.
        Assert.Equal(RunStatus.Canceled, (await h.EndedAsync(run)).Status);
        Assert.Equal(FireState.Queued, Assert.Single(await h.Engine.Fires.ListAsync(null).ToListAsync()).State);
        Assert.Equal("", await slow.Answer);
    }

    [Fact]
    public async Task Who_sends_slowly_holds_nobody_else_up_and_is_cut_off()
    {
        await using var h = await ServeHarness.StartAsync();
        List<SlowRequest> slow = [];
        try
        {
            for (var i = 0; i < 40; i++)
            {
                slow.Add(await BeginHookAsync(h, length: 1024 * 1024, sent: 1000, drips: true));
                slow.Add(await BeginHookAsync(h, length: 60_000, sent: 1000, drips: true));
            }
            await h.AcceptedAsync(new string('x', 60_000));
            await h.AcceptedAsync();
            Assert.All(slow, s => Assert.False(s.Answer.IsCompleted));
            // At the pace at which they send a body would take minutes, and never be silent.
            Assert.Contains(" 408 ", await slow[0].Answer, StringComparison.Ordinal);
            Assert.Contains(" 408 ", await slow[1].Answer, StringComparison.Ordinal);
        }
        finally
        {
            slow.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task Large_bodies_that_wait_are_not_in_memory()
    {
        const int Requests = 400;
        await using var h = await ServeHarness.StartAsync();
        await h.EndedAsync(await h.AcceptedAsync());
        List<SlowRequest> slow = [];
        try
        {
            var before = h.Process.Memory();
            for (var i = 0; i < Requests; i++)
                slow.Add(await BeginHookAsync(h, length: 1024 * 1024, sent: (1024 * 1024) - 1));
            Assert.InRange(await RestingAsync(h) - before, long.MinValue, Requests * 1024L * 1024 / 2);
        }
        finally
        {
            slow.ForEach(s => s.Dispose());
        }
    }

    private static async Task<SlowRequest> BeginHookAsync(ServeHarness h, int length, int sent = 0, bool drips = false)
    {
        var hook = await h.Engine.Definitions.FindTriggerAsync("hook");
        return await SlowRequest.BeginAsync(h.Client.BaseAddress!, $"/hooks/{hook.WebhookId}", $"X-PeakS3Feed-Secret: {h.Secret}\r\n", length, sent, drips);
    }

    // The worker's memory once it grows no more.
    private static async Task<long> RestingAsync(ServeHarness h)
    {
        var (most, since) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(1))
        {
            await Task.Delay(50);
            if (h.Process.Memory() is var now && now <= most)
                continue;
            (most, since) = (now, Stopwatch.GetTimestamp());
        }
        return most;
    }
}
