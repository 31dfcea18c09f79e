using PeakS3Feed.Errors;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Tests.Serving;

/// <summary>Definitions that change, break a rule or go while a service runs triggers.</summary>
public class TriggerServiceChangesTests
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_disabled_feed_or_trigger_misses_nothing()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes));
        using var service = h.NewService();
        await h.Engine.Definitions.SetEnabledAsync("orders", enabled: false);
        h.Time.Advance(TimeSpan.FromMinutes(9));
        await service.TickAsync(null, default);
        await h.Engine.Definitions.SetEnabledAsync("orders", enabled: true);
        await h.Engine.Definitions.EditTriggerAsync("often", t => t with { Enabled = false });
        h.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await service.TickAsync(null, default));
        await h.Engine.Definitions.EditTriggerAsync("often", t => t with { Enabled = true });
        await service.TickAsync(null, default);
        Assert.Empty(await h.FiresAsync());
        h.Time.Advance(TimeSpan.FromMinutes(1));
        await service.TickAsync(null, default);
        await service.DrainAsync(null, default);
        Assert.Equal([ServiceHarness.Start.AddMinutes(20)], h.Runs.Select(r => r.At));
    }

    [Fact]
    public async Task A_service_sees_a_changed_store_and_wakes_when_something_is_due()
    {
        var time = new SteppedTime(ServiceHarness.Start);
        using var h = new ServiceHarness(time);
        await h.DefineAsync();
        using var service = h.NewService();
        using var stop = new CancellationTokenSource();
        var running = service.RunAsync(stop.Token);
        await h.Engine.Definitions.AddAsync(ServiceHarness.Every(TwoMinutes));
        for (var i = 0; i < 2000 && h.Runs.Count < 2; i++)
        {
            // The service sleeps, and what it has decided has ended: now, and not before, time goes by.
            var wait = await time.WaitAsync();
            await TestLimits.UntilAsync(async () => (await h.FiresAsync()).TrueForAll(f => f.State == FireState.Ended), "end of each fire");
            time.Advance(wait);
        }
        await stop.CancelAsync();
        await running;
        Assert.All(h.Runs, r => Assert.InRange((r.At - ServiceHarness.Start).Ticks % TwoMinutes.Ticks, 0, TimeSpan.TicksPerMinute));
        Assert.True(h.Runs.Count >= 2);
    }

    [Fact]
    public async Task A_trigger_that_breaks_a_rule_keeps_no_other_from_firing()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes), ServiceHarness.Every(TimeSpan.FromMinutes(3), name: "other"));
        await h.Engine.Store.UpdateAsync(d => d with { Triggers = [.. d.Triggers.Select(t => t.Name == "often" ? t with { Every = TimeSpan.Zero } : t)] });
        using var service = h.NewService();
        h.Time.Advance(TimeSpan.FromMinutes(6));
        await service.TickAsync(null, default);
        await service.DrainAsync(null, default);
        Assert.Single(h.Runs);
    }

    [Fact]
    public async Task What_is_gone_or_disabled_by_the_time_it_would_run_is_skipped()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        using var service = h.NewService();
        await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("hook"), null, default);
        await h.Engine.Definitions.SetEnabledAsync("orders", enabled: false);
        await service.DrainAsync(null, default);
        Assert.Empty(h.Runs);
        var fire = Assert.Single(await h.FiresAsync());
        Assert.Equal((FireState.Skipped, "the feed is disabled"), (fire.State, fire.Reason));
    }

    [Fact]
    public async Task A_feed_that_somebody_else_is_running_is_run_after_a_request_and_not_by_a_schedule()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook(), ServiceHarness.Every(TwoMinutes));
        var busy = true;
        h.During = _ => busy ? throw new FeedException("FeedAlreadyRunning", FeedErrorCategory.ResourceBusy, "It is being run.") : Task.CompletedTask;
        using var service = h.NewService();
        h.Time.Advance(TwoMinutes);
        await service.TickAsync(null, default);
        await service.DrainAsync(null, default);
        await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("hook"), null, default);
        await service.DrainAsync(null, default);
        busy = false;
        h.Time.Advance(TimeSpan.FromSeconds(5));
        await service.DrainAsync(null, default);
        Assert.Equal([(FireState.Skipped, "It is being run"), (FireState.Ended, null)], (await h.FiresAsync()).Select(f => (f.State, f.Reason)));
        Assert.Equal(3, h.Runs.Count);
    }
}
