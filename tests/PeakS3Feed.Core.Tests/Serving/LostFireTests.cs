using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Tests.Serving;

/// <summary>What a fire that is queued or started goes through without being lost, or keeping its feed from running.</summary>
public partial class LostFireTests
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    public enum Mishap
    {
        TooLate,
        TriggerDisabled,
        TriggerRemoved,
    }

    [Theory]
    [InlineData(Mishap.TooLate)]
    [InlineData(Mishap.TriggerDisabled)]
    [InlineData(Mishap.TriggerRemoved)]
    public async Task A_request_that_comes_behind_a_fire_of_a_schedule_does_not_go_with_it(Mishap mishap)
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes, MisfireAction.Skip), ServiceHarness.Webhook());
        var (promised, _) = await RequestBehindScheduleAsync(h);
        if (mishap == Mishap.TooLate)
            h.Time.Advance(TimeSpan.FromSeconds(90));
        else if (mishap == Mishap.TriggerRemoved)
            await h.Engine.Definitions.RemoveTriggerAsync("often");
        else
            await h.Engine.Definitions.EditTriggerAsync("often", t => t with { Enabled = false });
        using var service = h.NewService();
        await service.TickAsync(null, default);
        await service.DrainAsync(null, default);
        Assert.Equal(promised, Assert.Single(h.Runs).RunId);
    }

    [Fact]
    public async Task A_fire_of_a_schedule_makes_way_for_a_request_and_says_so()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes), ServiceHarness.Webhook());
        var (promised, other) = await RequestBehindScheduleAsync(h);
        Assert.Equal(promised, other); // requests are answered together
        using var service = h.NewService();
        await service.DrainAsync(null, default);
        var fires = await h.FiresAsync();
        Assert.Equal([FireState.Skipped, FireState.Ended], fires.OrderBy(f => f.State == FireState.Ended).Select(f => f.State));
        Assert.Equal(($"run {promised} of the feed is queued", null), fires.Where(f => f.State == FireState.Skipped).Select(f => (f.Reason, f.RunId)).Single());
        Assert.Single(h.Runs);
    }

    [Fact]
    public async Task A_request_runs_its_feed_though_the_trigger_goes_before_it_is_begun()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook(), ServiceHarness.Webhook("other"));
        using var service = h.NewService();
        var promised = await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("hook"), null, default);
        Assert.Equal(promised, await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("other"), null, default));
        await h.Engine.Definitions.RemoveTriggerAsync("hook");
        await service.DrainAsync(null, default);
        Assert.Equal(promised, Assert.Single(h.Runs).RunId);
    }

    [Fact]
    public async Task A_feed_runs_again_after_the_end_of_a_run_could_not_be_written_down()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes));
        using var service = h.NewService();
        await RunDueAsync(h, service);
        Sql(h, "CREATE TRIGGER full BEFORE UPDATE ON fires WHEN NEW.state='Ended' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        await RunDueAsync(h, service);
        Sql(h, "DROP TRIGGER full");
        for (var i = 0; i < 3; i++)
            await RunDueAsync(h, service);
        Assert.InRange(h.Runs.Count, 4, 6);
        Assert.Equal(FireState.Ended, (await h.FiresAsync())[^1].State);
    }

    [Fact]
    public async Task A_clock_that_was_a_year_ahead_and_is_set_back_stops_no_schedule_and_fires_nothing_twice()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes));
        using (var service = h.NewService())
        {
            await RunDueAsync(h, service);
            h.Time.Advance(TimeSpan.FromDays(365));
            await service.TickAsync(null, default);
            await service.DrainAsync(null, default);
        }
        Assert.Equal(2, h.Runs.Count);

        var time = new FakeTimeProvider(ServiceHarness.Start.AddMinutes(1)) { AutoAdvanceAmount = TimeSpan.Zero };
        var engine = new FeedEngine(h.Engine.Paths, new FeedEngineOptions { Time = time });
        using var after = new TriggerService(engine, new TriggerServiceOptions { Run = (_, _, _) => throw new FeedException("FeedDisabled", default, "It only counts.") });
        for (var i = 0; i < 5; i++)
        {
            await after.TickAsync(null, default);
            await after.DrainAsync(null, default);
            time.Advance(TwoMinutes);
        }
        // The first of these instants was fired before.
        Assert.Equal([2, 4, 6, 8], (await h.FiresAsync()).Where(f => f.DueAt < ServiceHarness.Start.AddDays(1)).Select(f => (int)(f.DueAt - ServiceHarness.Start).TotalMinutes));
    }

    [Fact]
    public async Task A_drain_that_is_cancelled_leaves_no_run_behind()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        await h.Engine.Definitions.AddAsync(ServiceHarness.Feed("items"));
        await h.Engine.Definitions.AddAsync(ServiceHarness.Webhook("second") with { FeedName = "items" });
        var (begun, ended) = (0, 0);
        var lastCommit = new TaskCompletionSource();
        h.During = async cancellationToken =>
        {
            var isFirst = Interlocked.Increment(ref begun) == 1;
            await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (!isFirst)
                await lastCommit.Task;
            Interlocked.Increment(ref ended);
        };
        using var stop = new CancellationTokenSource();
        using var service = h.NewService();
        foreach (var name in new[] { "hook", "second" })
            await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync(name), null, default);
        var draining = service.DrainAsync(null, stop.Token);
        await TestLimits.UntilAsync(() => Volatile.Read(ref begun) >= 2, "second run");
        await stop.CancelAsync();
        await TestLimits.UntilAsync(() => Volatile.Read(ref ended) >= 1, "run that has ended");
        await Task.Delay(100);
        Assert.False(draining.IsCompleted);
        lastCommit.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draining);
        Assert.Equal(2, Volatile.Read(ref ended));
    }

    [Fact]
    public async Task A_long_run_keeps_no_other_feed_waiting()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        await h.Engine.Definitions.AddAsync(ServiceHarness.Feed("items"));
        await h.Engine.Definitions.AddAsync(ServiceHarness.Every(TwoMinutes) with { FeedName = "items" });
        var release = new TaskCompletionSource();
        h.During = _ => h.Runs.Last().Feed == "orders" ? release.Task : Task.CompletedTask;
        using var service = h.NewService();
        await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("hook"), null, default);
        await service.TickAsync(null, default);
        var draining = service.DrainAsync(null, default);
        for (var i = 1; i <= 3; i++)
        {
            while (h.Runs.Count(r => r.Feed == "items") < i)
            {
                h.Time.Advance(TimeSpan.FromSeconds(10));
                await Task.Delay(10);
            }
        }
        Assert.False(draining.IsCompleted);
        release.SetResult();
        await draining;
    }

    [Fact]
    public async Task A_feed_that_was_disabled_while_nobody_looked_missed_nothing()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes));
        await h.Engine.Definitions.SetEnabledAsync("orders", enabled: false);
        h.Time.Advance(TimeSpan.FromMinutes(61));
        await h.Engine.Definitions.SetEnabledAsync("orders", enabled: true);
        using var service = h.NewService();
        await service.TickAsync(null, default);
        await service.DrainAsync(null, default);
        Assert.Empty(h.Runs);
        await RunDueAsync(h, service);
        Assert.Single(h.Runs);
    }

    [Fact]
    public async Task A_request_that_is_sent_again_is_answered_with_the_run_that_took_the_place_of_a_dead_one()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        var hook = await h.Engine.Definitions.FindTriggerAsync("hook");
        h.During = _ => new TaskCompletionSource().Task;
        var dead = h.NewService();
        var promised = await dead.FireAsync(hook, "a", default);
        await dead.TickAsync(null, default);
        await TestLimits.UntilAsync(() => !h.Runs.IsEmpty, "run");
        dead.Dispose();
        h.During = _ => Task.CompletedTask;
        using var next = h.NewService();
        await next.TickAsync(null, default);
        await next.DrainAsync(null, default);
        Assert.NotEqual(promised, h.Runs.Last().RunId);
        Assert.Equal(h.Runs.Last().RunId, await next.FireAsync(hook, "a", default));
        Assert.Equal(2, h.Runs.Count);
    }

    [Fact]
    public async Task A_feed_that_gets_another_name_at_the_wrong_instant_is_run_under_it()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        h.During = async cancellationToken =>
        {
            if (h.Runs.Count > 1)
                return;
            await h.Engine.Definitions.RenameFeedAsync("orders", "sales", cancellationToken);
            throw new FeedException("FeedNotFound", FeedErrorCategory.ObjectNotFound, "There is no feed named orders.");
        };
        using var service = h.NewService();
        var promised = await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("hook"), null, default);
        await service.DrainAsync(null, default);
        h.Time.Advance(TimeSpan.FromSeconds(5));
        await service.DrainAsync(null, default);
        Assert.Equal(("sales", promised), (h.Runs.Last().Feed, h.Runs.Last().RunId));
    }

    [Fact]
    public async Task Stops_do_not_count_as_dead_processes()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        h.During = cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken);
        var hook = await h.Engine.Definitions.FindTriggerAsync("hook");
        for (var i = 0; i < 8; i++)
        {
            using var stop = new CancellationTokenSource();
            using var service = h.NewService();
            if (i == 0)
                await service.FireAsync(hook, null, default);
            var running = service.RunAsync(stop.Token);
            await TestLimits.UntilAsync(() => h.Runs.Count > i, "run");
            await stop.CancelAsync();
            await running;
        }
        var fire = Assert.Single(await h.FiresAsync());
        Assert.Equal((FireState.Queued, 0), (fire.State, fire.Attempts));
    }

    [Fact]
    public async Task A_run_that_cannot_begin_is_a_run_that_failed()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        h.During = _ => throw new FeedException("FeedInvalid", FeedErrorCategory.InvalidArgument, "The feed \"orders\" is not valid. An Upsert needs a key.");
        using var service = h.NewService();
        var promised = await service.FireAsync(await h.Engine.Definitions.FindTriggerAsync("hook"), null, default);
        await service.DrainAsync(null, default);
        var run = await h.Engine.History.FindAsync(promised);
        Assert.Equal((RunStatus.Failed, "FeedInvalid", "orders"), (run!.Status, run.ErrorId, run.FeedName));
        Assert.NotNull(run.EndedAt);
    }

    [Fact]
    public async Task A_trigger_that_nobody_can_read_keeps_no_other_from_firing()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Every(TwoMinutes), new S3FeedTrigger { Name = "odd", FeedName = "orders", Kind = TriggerKind.Cron, Cron = "0 0 7 * * ?" });
        var file = h.Engine.Paths.DefinitionsFile;
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("0 0 7 * * ?", "@reboot", StringComparison.Ordinal));
        using var service = h.NewService();
        await RunDueAsync(h, service);
        Assert.Single(h.Runs);
    }

    [Fact]
    public async Task A_feed_that_is_disabled_is_not_fired_by_anybody()
    {
        using var h = await ServiceHarness.StartAsync(ServiceHarness.Webhook());
        await h.Engine.Definitions.SetEnabledAsync("orders", enabled: false);
        using var service = h.NewService();
        var hook = await h.Engine.Definitions.FindTriggerAsync("hook");
        Assert.Equal("FeedDisabled", (await Assert.ThrowsAsync<FeedException>(() => service.FireAsync(hook, null, default))).Id);
        Assert.Empty(await h.FiresAsync());
    }
}
