using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving.Watching;
using PeakS3Feed.Testing;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Tests.Watchers;

public class OutboxTests
{
    [Fact]
    public async Task What_is_not_taken_is_sent_again_less_and_less_often_and_given_up_after_a_day()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        h.Sent.Answer = (_, _) => throw SentMessages.Refusal;
        await h.RanAsync(RunStatus.Failed);
        var start = h.Time.GetUtcNow();
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromDays(2));

        var minutes = h.Sent.All.Select(m => (int)(m.At - start).TotalMinutes).ToList();
        Assert.Equal([0, 1, 6, 21, 81, 141], minutes.Take(6));
        Assert.All(minutes.Skip(5).Zip(minutes.Skip(4)), pair => Assert.Equal(60, pair.First - pair.Second));
        Assert.InRange(minutes[^1], 23 * 60, 24 * 60);
        Assert.Single(h.Sent.All.Select(m => m.Id).Distinct());
        var delivery = Assert.Single(await h.DeliveriesAsync());
        Assert.Equal((DeliveryState.Failed, minutes.Count, "hooks.example did not accept the message: it answered 500."), (delivery.State, delivery.Attempts, delivery.Error));
    }

    [Fact]
    public async Task What_is_taken_the_second_time_is_delivered()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        h.Sent.Answer = (_, _) => h.Sent.All.Count == 1 ? throw SentMessages.Refusal : Task.CompletedTask;
        await h.RanAsync(RunStatus.Failed);
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromDays(1));
        var delivery = Assert.Single(await h.DeliveriesAsync());
        Assert.Equal((DeliveryState.Delivered, 2, null), (delivery.State, delivery.Attempts, delivery.Error));
        Assert.Equal(h.Sent.All.Last().At, delivery.DeliveredAt);
    }

    [Fact]
    public async Task A_receiver_that_wants_no_more_gets_no_more_of_it()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        h.Sent.Answer = (_, _) => throw WatcherErrors.RequestGone("hooks.example");
        await h.RanAsync(RunStatus.Failed);
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromDays(2));
        Assert.Single(h.Sent.All);
        Assert.Equal(DeliveryState.Failed, Assert.Single(await h.DeliveriesAsync()).State);
    }

    [Fact]
    public async Task What_somebody_was_sending_who_died_is_sent_when_the_lease_is_over_and_not_before()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        var forever = new TaskCompletionSource();
        h.Sent.Answer = (_, _) => h.Sent.All.Count == 1 ? forever.Task : Task.CompletedTask;
        await h.RanAsync(RunStatus.Failed);
        using var dead = h.NewService();
        var hanging = Task.Run(() => dead.TickAsync(default));
        await TestLimits.UntilAsync(() => !h.Sent.All.IsEmpty, "message");

        using var alive = h.NewService();
        Assert.Equal(h.Time.GetUtcNow() + Outbox.Lease, await alive.TickAsync(default));
        h.Time.Advance(Outbox.Lease - TimeSpan.FromSeconds(1));
        await alive.TickAsync(default);
        Assert.Single(h.Sent.All);
        h.Time.Advance(TimeSpan.FromSeconds(1));
        await alive.TickAsync(default);
        Assert.Equal(2, h.Sent.All.Count);
        Assert.Equal(DeliveryState.Delivered, Assert.Single(await h.DeliveriesAsync()).State);

        // The first one wakes up and finds that it is not its message any more.
        forever.SetException(SentMessages.Refusal);
        await hanging;
        Assert.Equal((DeliveryState.Delivered, 2), (await h.DeliveriesAsync()).Select(d => (d.State, d.Attempts)).Single());
    }

    [Fact]
    public async Task A_watcher_that_fails_keeps_no_other_from_being_told()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher("bad"), WatcherHarness.Watcher("good"));
        h.Sent.Answer = (w, _) => w.Name == "bad" ? throw new InvalidOperationException("nobody thought of this") : Task.CompletedTask;
        for (var i = 0; i < 20; i++)
            await h.RanAsync(RunStatus.Failed);
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromSeconds(1));
        var deliveries = await h.DeliveriesAsync();
        Assert.Equal(20, deliveries.Count(d => d.WatcherName == "good" && d.State == DeliveryState.Delivered));
        Assert.Equal(20, deliveries.Count(d => d.WatcherName == "bad" && d.State == DeliveryState.Waiting && d.Error == "nobody thought of this"));
    }

    [Fact]
    public async Task Nothing_is_sent_for_a_watcher_that_was_removed()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        h.Sent.Answer = (_, _) => throw SentMessages.Refusal;
        await h.RanAsync(RunStatus.Failed);
        using var service = h.NewService();
        await service.TickAsync(default);
        await h.Engine.Definitions.RemoveWatcherAsync("ops");
        h.Time.Advance(TimeSpan.FromMinutes(1));
        await service.TickAsync(default);
        Assert.Single(h.Sent.All);
        Assert.Equal((DeliveryState.Failed, "the watcher was removed"), (await h.DeliveriesAsync()).Select(d => (d.State, d.Error)).Single());
    }

    [Fact]
    public async Task After_a_run_each_message_is_sent_once_and_waits_for_whoever_comes_next()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher("bad"), WatcherHarness.Watcher("good"));
        h.Sent.Answer = (w, _) => w.Name == "bad" ? throw SentMessages.Refusal : Task.CompletedTask;
        var run = await h.RanAsync(RunStatus.Failed);
        using (var prompt = h.NewService())
            await prompt.AfterRunAsync(run, default);
        Assert.Equal(2, h.Sent.All.Count);

        h.Sent.Answer = (_, _) => Task.CompletedTask;
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromHours(1));
        Assert.Equal(["bad", "bad", "good"], h.Sent.All.Select(m => m.Watcher).Order());
        Assert.All(await h.DeliveriesAsync(), d => Assert.Equal(DeliveryState.Delivered, d.State));
    }

    [Fact]
    public async Task Nobody_waits_at_a_prompt_for_a_watcher_that_hangs()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        h.Sent.Answer = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
        var run = await h.RanAsync(RunStatus.Failed);
        using var prompt = h.NewService();
        var after = prompt.AfterRunAsync(run, default);
        await TestLimits.UntilAsync(() => !h.Sent.All.IsEmpty, "message");
        Assert.False(after.IsCompleted);
        h.Time.Advance(TimeSpan.FromSeconds(15));
        await after;
        Assert.Equal(DeliveryState.Waiting, Assert.Single(await h.DeliveriesAsync()).State);
    }

    [Fact]
    public async Task A_receiver_that_is_too_slow_for_a_prompt_is_not_asked_again_at_once_and_given_up_after_a_day()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        h.Sent.Answer = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
        for (var i = 0; i < 3; i++)
            await SlowPromptAsync(h);
        Assert.Equal(3, h.Sent.All.DistinctBy(m => m.Id).Count());
        Assert.Equal(3, h.Sent.All.Count);
        h.Time.Advance(TimeSpan.FromDays(2));
        await SlowPromptAsync(h);
        Assert.Contains(await h.DeliveriesAsync(), d => d.State == DeliveryState.Failed);
    }

    [Fact]
    public async Task Beside_what_ends_by_itself_all_that_is_due_is_told()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        for (var i = 0; i < 20; i++)
            await h.RanAsync(RunStatus.Failed);
        using var ended = new CancellationTokenSource();
        using var service = h.NewService();
        var telling = service.RunBesideAsync(ended.Token, default);
        await ended.CancelAsync();
        await telling;
        Assert.Equal(20, h.Sent.All.DistinctBy(m => m.Id).Count());
        Assert.Equal(20, h.Sent.All.Count);
    }

    [Fact]
    public async Task A_message_that_was_put_off_by_a_clock_that_was_ahead_is_sent_when_it_is_right()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        h.Sent.Answer = (_, _) => throw SentMessages.Refusal;
        await h.RanAsync(RunStatus.Failed);
        using (var ahead = h.NewService(new FakeTimeProvider(WatcherHarness.Start.AddDays(10))))
            await ahead.TickAsync(default);
        h.Sent.Answer = (_, _) => Task.CompletedTask;
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromMinutes(10));
        Assert.Equal(DeliveryState.Delivered, Assert.Single(await h.DeliveriesAsync()).State);
    }

    [Fact]
    public async Task A_watcher_that_is_new_is_known_to_whoever_has_read_the_store_before()
    {
        using var h = await WatcherHarness.StartAsync();
        using var service = h.NewService();
        await service.TickAsync(default);
        await h.Engine.Definitions.AddAsync(WatcherHarness.Watcher());
        h.Time.Advance(TimeSpan.FromSeconds(1));
        h.Sent.Answer = (_, _) => throw SentMessages.Refusal;
        var run = await h.RanAsync(RunStatus.Failed);
        using (var prompt = h.NewService())
            await prompt.AfterRunAsync(run, default);
        h.Time.Advance(TimeSpan.FromMinutes(1));
        await new Outbox(h.Engine.Deliveries, h.Engine.Store, h.Sent, h.Time, NullLogger.Instance).SendDueAsync(default);
        Assert.Equal((DeliveryState.Waiting, 2), (await h.DeliveriesAsync()).Select(d => (d.State, d.Attempts)).Single());
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_is_not_told_that_watchers_were_not()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        var run = await h.RanAsync(RunStatus.Canceled);
        using var prompt = h.NewService();
        await prompt.AfterRunAsync(run, new CancellationToken(canceled: true));
        Assert.Empty(h.Sent.All);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_does_not_fail_a_run()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        var run = await h.RanAsync(RunStatus.Failed);
        await File.WriteAllTextAsync(h.Engine.Paths.DefinitionsFile, "{");
        using var prompt = h.NewService();
        await prompt.AfterRunAsync(run, default);
        Assert.Empty(h.Sent.All);
    }

    [Fact]
    public async Task A_run_that_nobody_watches_costs_nothing_and_what_an_error_advises_is_told()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        var run = await h.RanAsync(RunStatus.Failed);
        var result = new RunResult(run, new Errors.FeedException("X", default, "The table is gone.") { Hint = "Make it anew." }, []);
        using var prompt = h.NewService();
        await prompt.AfterRunAsync(result, default);
        Assert.Empty(h.Sent.All);
        await prompt.AfterRunAsync(result with { IsWatched = true }, default);
        Assert.Contains("\nMake it anew.\n", Assert.Single(h.Sent.All).Message.Text, StringComparison.Ordinal);
    }

    private static async Task SlowPromptAsync(WatcherHarness h)
    {
        var run = await h.RanAsync(RunStatus.Failed);
        using var prompt = h.NewService();
        var before = h.Sent.All.Count;
        var after = prompt.AfterRunAsync(run, default);
        await TestLimits.UntilAsync(() => h.Sent.All.Count > before, "message");
        h.Time.Advance(TimeSpan.FromSeconds(15));
        await after;
    }
}
