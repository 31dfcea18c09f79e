using System.Collections.Concurrent;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Serving;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Tests.Serving;

public class TriggerServiceTests
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task A_year_of_schedules_fires_each_time_once()
    {
        S3FeedTrigger[] triggers =
        [
            new() { Name = "daily", FeedName = "orders", Kind = TriggerKind.Daily, At = new(7, 0), TimeZone = "Europe/Paris" },
            new() { Name = "weekly", FeedName = "orders", Kind = TriggerKind.Weekly, At = new(12, 0), DaysOfWeek = [DayOfWeek.Monday, DayOfWeek.Tuesday], TimeZone = "America/New_York" },
            new() { Name = "cron", FeedName = "orders", Kind = TriggerKind.Cron, Cron = "0 30 2 ? * SUN", TimeZone = "America/New_York" },
            new() { Name = "once", FeedName = "orders", Kind = TriggerKind.Once, OnceAt = ServiceHarness.Start.AddDays(100) },
        ];
        using var h = await ServiceHarness.StartAsync(triggers);
        using var service = h.NewService();
        var end = ServiceHarness.Start.AddDays(365);
        while (await service.TickAsync(null, default) is { } next && next <= end)
        {
            await service.DrainAsync(null, default);
            h.Time.SetUtcNow(next);
        }
        await service.DrainAsync(null, default);

        var expected = triggers.SelectMany(t => TriggerSchedule.From(t)!.After(ServiceHarness.Start).TakeWhile(d => d <= end)).Order().ToList();
        Assert.InRange(expected.Count, 365 + 104 + 52, 365 + 106 + 54);
        Assert.Equal(expected, h.Runs.Select(r => r.At));
        Assert.Equal(expected, (await h.FiresAsync()).Select(f => f.DueAt));
        Assert.All(await h.FiresAsync(), f => Assert.Equal(FireState.Ended, f.State));
    }

    [Fact]
    public async Task Two_workers_on_one_store_run_each_fire_once()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes), ServiceHarness.Every(TimeSpan.FromMinutes(3), name: "other"));
        var services = Enumerable.Range(0, 3).Select(_ => h.NewService()).ToList();
        var due = new List<DateTimeOffset>();
        await services[0].TickAsync(null, default);
        for (var minute = 1; minute <= 30; minute++)
        {
            h.Time.SetUtcNow(ServiceHarness.Start.AddMinutes(minute));
            if (minute % 2 == 0 || minute % 3 == 0)
                due.Add(h.Time.GetUtcNow());
            await Task.WhenAll(services.Select(s => Task.Run(() => s.TickAsync(null, default))));
            await Task.WhenAll(services.Select(s => s.DrainAsync(null, default)));
        }
        // Where both are due, the second one finds that the feed is to be run already.
        Assert.Equal(due, h.Runs.Select(r => r.At));
        Assert.Equal(15 + 10, (await h.FiresAsync()).Count);
        services.ForEach(s => s.Dispose());
    }

    [Theory]
    [InlineData(MisfireAction.RunOnce)]
    [InlineData(MisfireAction.Skip)]
    public async Task What_was_missed_goes_by_the_misfire_policy(MisfireAction misfire)
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes, misfire));
        h.Time.Advance(TimeSpan.FromMinutes(61.5));
        using (var service = h.NewService())
        {
            await service.TickAsync(null, default);
            await service.DrainAsync(null, default);
        }
        var fire = Assert.Single(await h.FiresAsync());
        Assert.Equal(ServiceHarness.Start.AddMinutes(60), fire.DueAt);
        if (misfire == MisfireAction.RunOnce)
        {
            Assert.Equal((FireState.Ended, "for all fires due since 2026-11-23 10:02:00Z"), (fire.State, fire.Reason));
            Assert.Equal(Assert.Single(h.Runs).RunId, fire.RunId);
        }
        else
        {
            Assert.Equal((FireState.Missed, "the last of the fires due since 2026-11-23 10:02:00Z"), (fire.State, fire.Reason));
            Assert.Empty(h.Runs);
        }
    }

    [Fact]
    public async Task With_Skip_the_one_that_is_due_now_fires_and_those_before_are_missed()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes, MisfireAction.Skip));
        h.Time.Advance(TimeSpan.FromMinutes(10));
        using var service = h.NewService();
        await service.TickAsync(null, default);
        await service.DrainAsync(null, default);
        Assert.Equal([FireState.Missed, FireState.Ended], (await h.FiresAsync()).Select(f => f.State));
        Assert.Single(h.Runs);
    }

    [Fact]
    public async Task A_run_still_going_when_the_next_is_due_is_skipped_and_recorded()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes));
        var release = new TaskCompletionSource();
        h.During = _ => release.Task;
        using var service = h.NewService();
        for (var i = 0; i < 3; i++)
        {
            h.Time.Advance(TwoMinutes);
            await service.TickAsync(null, default);
        }
        release.SetResult();
        await service.DrainAsync(null, default);
        var run = Assert.Single(h.Runs);
        var fires = await h.FiresAsync();
        Assert.Equal([FireState.Ended, FireState.Skipped, FireState.Skipped], fires.Select(f => f.State));
        Assert.All(fires.Skip(1), f => Assert.Equal($"run {run.RunId} of the feed is still running", f.Reason));
    }

    [Fact]
    public async Task Requests_while_a_feed_runs_get_one_more_run_together()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        h.During = _ =>
        {
            started.TrySetResult();
            return release.Task;
        };
        using var service = h.NewService();
        var hook = await h.Engine.Definitions.FindTriggerAsync("hook");
        var first = await service.FireAsync(hook, null, default);
        var draining = service.DrainAsync(null, default);
        await started.Task;
        var others = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => service.FireAsync(hook, null, default))));
        release.SetResult();
        await draining;
        var second = Assert.Single(others.Distinct());
        Assert.Equal([first, second], h.Runs.Select(r => r.RunId));
        Assert.Equal([1, 50], (await h.FiresAsync()).Select(f => f.Requests).Order());
    }

    [Fact]
    public async Task A_request_that_is_sent_again_fires_nothing()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook(), ServiceHarness.Webhook("other"));
        using var service = h.NewService();
        var hook = await h.Engine.Definitions.FindTriggerAsync("hook");
        var run = await service.FireAsync(hook, "a", default);
        await service.DrainAsync(null, default);
        Assert.Equal(run, await service.FireAsync(hook, "a", default));
        await service.DrainAsync(null, default);
        Assert.Single(h.Runs);
        Assert.NotEqual(run, await service.FireAsync(hook, "b", default));
        await service.DrainAsync(null, default);
        Assert.NotEqual(run, await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("other"), "a", default));
        await service.DrainAsync(null, default);
        Assert.Equal(3, h.Runs.Count);
    }

    [Fact]
    public async Task What_a_dead_worker_had_begun_is_run_again_and_not_for_ever()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes), ServiceHarness.Webhook());
        h.During = _ => new TaskCompletionSource().Task; // for ever
        h.Time.Advance(TwoMinutes);
        for (var life = 0; life < 7; life++)
        {
            var service = h.NewService();
            await service.TickAsync(null, default);
            await TestLimits.UntilAsync(() => h.Runs.Count >= Math.Min(life + 1, 5), "run");
            service.Dispose(); // as the end of its process does
        }
        Assert.Equal(5, h.Runs.Count);
        Assert.Equal(5, h.Runs.Select(r => r.RunId).Distinct().Count());
        var fire = Assert.Single(await h.FiresAsync());
        Assert.Equal((FireState.Ended, 5, "the process of its run ended 5 times"), (fire.State, fire.Attempts, fire.Reason));
    }

    [Fact]
    public async Task What_a_living_worker_has_begun_is_left_to_it()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes));
        var release = new TaskCompletionSource();
        h.During = _ => release.Task;
        h.Time.Advance(TwoMinutes);
        using var one = h.NewService();
        using var other = h.NewService();
        await one.TickAsync(null, default);
        await other.TickAsync(null, default);
        release.SetResult();
        await one.DrainAsync(null, default);
        Assert.Single(h.Runs);
    }

    [Fact]
    public async Task What_is_cut_short_by_a_stop_is_run_by_the_next_worker()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        h.During = ct => Task.Delay(Timeout.Infinite, ct);
        using (var service = h.NewService())
        {
            using var stop = new CancellationTokenSource();
            await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("hook"), null, default);
            var running = service.RunAsync(stop.Token);
            await TestLimits.UntilAsync(() => !h.Runs.IsEmpty, "run");
            await stop.CancelAsync();
            await running;
        }
        h.During = _ => Task.CompletedTask;
        using var next = h.NewService();
        await next.TickAsync(null, default);
        await next.DrainAsync(null, default);
        Assert.Equal(2, h.Runs.Count);
        Assert.Equal(FireState.Ended, Assert.Single(await h.FiresAsync()).State);
    }

    // Feeds of one table may wait for hours for each other in a service, so they run at once; one SQLite file has one writer.
    [Theory]
    [InlineData("local", 1)]
    [InlineData(ServiceHarness.Warehouse, 2)]
    public async Task Feeds_that_write_to_one_SQLite_file_run_one_after_the_other(string destination, int atOnce)
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        await h.Engine.Store.UpdateAsync(d => d.With(d.GetFeed("orders") with { DestinationNames = [destination] }));
        await h.Engine.Definitions.AddAsync(ServiceHarness.Feed("others") with { Table = "orders", DestinationNames = [destination] });
        await h.Engine.Definitions.AddAsync(ServiceHarness.Webhook("other_hook") with { FeedName = "others" });
        var gate = new TaskCompletionSource();
        h.During = _ => gate.Task;
        using var service = h.NewService();
        foreach (var trigger in (await h.Engine.Store.ReadAsync()).Triggers)
            await service.FireAsync(trigger, null, default);
        await service.TickAsync(null, default);
        await TestLimits.UntilAsync(() => h.Runs.Count >= atOnce, "the first runs");
        await service.TickAsync(null, default);
        Assert.Equal(atOnce, h.Runs.Count);
        gate.SetResult();
        await service.DrainAsync(null, default);
        Assert.Equal(["orders", "others"], h.Runs.Select(r => r.Feed).Order());
        Assert.All(await h.FiresAsync(), f => Assert.Equal(FireState.Ended, f.State));
    }

    [Fact]
    public async Task A_run_that_a_trigger_starts_has_a_view_until_it_ends()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        var view = new RecordingView();
        var shown = new List<string>();
        using var service = new TriggerService(h.Engine, new TriggerServiceOptions
        {
            View = feed =>
            {
                shown.Add(feed);
                return view;
            },
        });
        await h.Engine.Store.UpdateAsync(d => d.With(d.GetFeed("orders") with { DestinationNames = ["local"] }));
        h.Put("a.csv", "id\n1\n");
        await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("hook"), null, default);
        await service.DrainAsync(null, default);
        Assert.Equal(["orders"], shown);
        Assert.Contains(RunPhase.Loading, view.Phases);
        Assert.True(view.HasEnded);
    }

    private sealed class RecordingView : IRunView
    {
        public ConcurrentQueue<RunPhase> Phases { get; } = new();

        public bool HasEnded { get; private set; }

        public void Report(RunProgress value) => Phases.Enqueue(value.Phase);

        public void Dispose() => HasEnded = true;
    }
}
