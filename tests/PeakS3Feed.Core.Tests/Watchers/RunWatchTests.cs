using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Tests.Watchers;

public class RunWatchTests
{
    private static readonly WatcherEvent[] OfRuns = [WatcherEvent.RunSucceeded, WatcherEvent.Rejects, WatcherEvent.RunFailed];

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(RunStatus.Failed, 0, 0, "RunFailed")]
    [InlineData(RunStatus.Failed, 3, 0, "RunFailed")]
    [InlineData(RunStatus.Succeeded, 0, 0, "RunSucceeded")]
    [InlineData(RunStatus.SucceededWithRejects, 1, 0, "Rejects")]
    [InlineData(RunStatus.SucceededWithRejects, 0, 1, "Rejects")]
    [InlineData(RunStatus.NothingToDo, 0, 0, "")]
    [InlineData(RunStatus.Canceled, 2, 1, "")]
    public Task A_run_s_end_is_told_once_as_the_worst_that_it_came_to(RunStatus status, int rejects, int failedObjects, string events)
        => NotifiesAsync(OfRuns, status, rejects, failedObjects, events);

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(WatcherEvent.RunFailed, RunStatus.Failed, 3, "RunFailed")]
    [InlineData(WatcherEvent.Rejects, RunStatus.Failed, 3, "Rejects")]
    [InlineData(WatcherEvent.RunSucceeded, RunStatus.Failed, 3, "")]
    [InlineData(WatcherEvent.RunFailed, RunStatus.SucceededWithRejects, 1, "")]
    [InlineData(WatcherEvent.RunSucceeded, RunStatus.SucceededWithRejects, 1, "RunSucceeded")]
    [InlineData(WatcherEvent.Rejects, RunStatus.Succeeded, 0, "")]
    public Task Only_what_is_watched_is_told(WatcherEvent watched, RunStatus status, int rejects, string events)
        => NotifiesAsync([watched], status, rejects, 0, events);

    [Fact]
    public async Task What_was_over_before_the_watcher_was_made_is_not_told()
    {
        using var h = await WatcherHarness.StartAsync();
        await h.RanAsync(RunStatus.Failed);
        h.Time.Advance(TimeSpan.FromSeconds(1));
        await h.Engine.Definitions.AddAsync(WatcherHarness.Watcher());
        h.Time.Advance(TimeSpan.FromSeconds(1));
        using var service = h.NewService();
        await service.TickAsync(default);
        Assert.Empty(h.Sent.All);
        await h.RanAsync(RunStatus.Failed);
        await service.TickAsync(default);
        Assert.Equal(["Feed orders failed: The table is gone."], h.Sent.Summaries);
    }

    [Fact]
    public async Task Services_beside_each_other_and_one_after_the_other_tell_once()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher("one"), WatcherHarness.Watcher("two", S3FeedWatcher.AllFeeds));
        var services = Enumerable.Range(0, 3).Select(_ => h.NewService()).ToList();
        for (var minute = 0; minute < 12; minute++)
        {
            await h.RanAsync(RunStatus.Failed);
            await Task.WhenAll(services.Select(s => Task.Run(() => s.TickAsync(default))));
            h.Time.Advance(TimeSpan.FromMinutes(1));
        }
        using var later = h.NewService();
        await later.TickAsync(default);
        for (var i = 0; i < 12; i++)
            await services[0].TickAsync(default);
        Assert.Equal(24, h.Sent.All.Count);
        Assert.Equal(24, h.Sent.All.DistinctBy(m => (m.Watcher, m.Message.Run!.Id)).Count());
        services.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task What_ended_while_no_service_ran_is_told_when_one_does()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        using (var first = h.NewService())
            await first.TickAsync(default);
        h.Time.Advance(TimeSpan.FromDays(3));
        await h.RanAsync(RunStatus.Failed);
        h.Time.Advance(TimeSpan.FromDays(2));
        using var second = h.NewService();
        await second.TickAsync(default);
        await second.TickAsync(default);
        Assert.Single(h.Sent.All);
    }

    [Fact]
    public async Task A_run_whose_process_ended_is_told_of_as_failed()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher(events: [WatcherEvent.RunFailed, WatcherEvent.RunsLong]) with { LongerThan = TimeSpan.FromMinutes(30) });
        await h.BeginAsync(host: null);
        h.Time.Advance(TimeSpan.FromHours(5));
        using var service = h.NewService();
        await service.TickAsync(default);
        Assert.Equal(["Feed orders failed: process ended."], h.Sent.Summaries);
    }

    [Fact]
    public async Task A_watcher_follows_its_feed_to_another_name_and_knows_no_other_feed()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        await h.RanAsync(RunStatus.Failed);
        await h.RanAsync(RunStatus.Failed, "items");
        await h.Engine.Definitions.RenameFeedAsync("orders", "sales");
        using var service = h.NewService();
        await service.TickAsync(default);
        Assert.Equal(["Feed orders failed: The table is gone."], h.Sent.Summaries);
    }

    [Fact]
    public async Task A_run_that_takes_long_is_told_of_once_while_it_is_under_way()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher(events: WatcherEvent.RunsLong) with { LongerThan = TimeSpan.FromMinutes(30) });
        using var service = h.NewService();
        var run = await h.BeginAsync();
        Assert.Equal(run.StartedAt.AddMinutes(30), await service.TickAsync(default));
        Assert.Empty(h.Sent.All);
        h.Time.Advance(TimeSpan.FromMinutes(30));
        await service.TickAsync(default);
        h.Time.Advance(TimeSpan.FromMinutes(30));
        await service.TickAsync(default);
        await h.Engine.History.UpdateAsync(run with { Status = RunStatus.Succeeded, EndedAt = h.Time.GetUtcNow() });
        await service.TickAsync(default);
        Assert.Equal(["Feed orders has been running for 30:00, longer than 30:00."], h.Sent.Summaries);
    }

    [Fact]
    public async Task A_run_that_took_long_while_no_service_ran_is_told_of_when_it_is_over()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher(events: WatcherEvent.RunsLong) with { LongerThan = TimeSpan.FromMinutes(30) });
        h.Time.Advance(TimeSpan.FromDays(3));
        await h.RanAsync(RunStatus.Succeeded, took: TimeSpan.FromHours(26.5));
        await h.RanAsync(RunStatus.Succeeded, took: TimeSpan.FromMinutes(29));
        using var service = h.NewService();
        await service.TickAsync(default);
        Assert.Equal(["Feed orders ran for 26:30:00, longer than 30:00."], h.Sent.Summaries);
    }

    [Fact]
    public async Task A_message_has_the_counts_the_first_rejects_and_what_to_type_but_no_row()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher(events: WatcherEvent.Rejects));
        var run = await h.RanAsync(RunStatus.SucceededWithRejects, rejects: 7, change: r => r with { ObjectsPlanned = 3, ObjectsLoaded = 2, ObjectsFailed = 1, RowsRead = 1234, RowsLoaded = 1227 });
        using var service = h.NewService();
        await service.TickAsync(default);
        var message = Assert.Single(h.Sent.All).Message;
        Assert.Equal("Feed orders could not load 7 rows and 1 object.", message.Summary);
        Assert.Equal(Enumerable.Range(2, 5).Select(line => new WatchedReject("s3://acme/a.csv", line, "price", "not a number")), message.Rejects);
        var id = run.Id.ToString("D")[..8];
        Assert.Equal(
            $"""
            Feed orders could not load 7 rows and 1 object.

            Run {id} on elsewhere: with rejects; started 2026-11-23 09:59 UTC, 12.0 s
            Objects: 3 planned, 2 loaded, 1 skipped
            Rows: 1,234 read, 1,227 loaded, 7 rejected

            The first 5 of 7 rejects:
              s3://acme/a.csv, line 2, price: not a number
              s3://acme/a.csv, line 3, price: not a number
              s3://acme/a.csv, line 4, price: not a number
              s3://acme/a.csv, line 5, price: not a number
              s3://acme/a.csv, line 6, price: not a number

            For details, in PowerShell or a shell:
              Get-S3FeedRun -Id {id} -StorePath {h.Path} | Get-S3FeedReject
              peaks3feed --store {h.Path} runs --run {id} --rejects

            Watcher ops of PeakS3Feed

            """.ReplaceLineEndings("\n"),
            message.Text);
    }

    [Fact]
    public async Task What_ended_while_nobody_watched_is_not_told_by_a_watcher_that_is_written_into_the_store()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        using var service = h.NewService();
        await service.TickAsync(default);
        await h.Engine.Definitions.RemoveWatcherAsync("ops");
        for (var i = 0; i < 3; i++)
        {
            h.Time.Advance(TimeSpan.FromDays(5));
            await h.RanAsync(RunStatus.Failed);
            await service.TickAsync(default);
        }
        h.Time.Advance(TimeSpan.FromDays(5));
        await service.TickAsync(default);
        await h.Engine.Store.UpdateAsync(d => d with { Watchers = [WatcherHarness.Watcher("hand")] });
        await h.PlayAsync(service, TimeSpan.FromHours(1));
        Assert.Empty(h.Sent.All);
        await h.RanAsync(RunStatus.Failed);
        await service.TickAsync(default);
        Assert.Single(h.Sent.All);
    }

    [Fact]
    public async Task A_run_that_is_under_way_for_ever_by_the_record_is_told_of_once()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher(events: WatcherEvent.RunsLong) with { LongerThan = TimeSpan.FromMinutes(30) });
        using var service = h.NewService();
        await h.BeginAsync(); // on a host that is no more
        for (var day = 0; day < 100; day++)
        {
            h.Time.Advance(TimeSpan.FromDays(1));
            await h.RanAsync(RunStatus.NothingToDo, "items");
            await service.TickAsync(default);
        }
        Assert.Single(h.Sent.All);
    }

    [Fact]
    public async Task A_watcher_that_is_moved_to_another_feed_by_an_import_tells_nothing_from_before()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher());
        await h.RanAsync(RunStatus.Failed, "items");
        h.Time.Advance(TimeSpan.FromMinutes(1));
        await h.Engine.Store.UpdateAsync(d => d.With(DefinitionEditor.Prepare(d.GetWatcher("ops"), d.GetWatcher("ops") with { FeedName = "items" }, h.Time.GetUtcNow())));
        using var service = h.NewService();
        await service.TickAsync(default);
        Assert.Empty(h.Sent.All);
    }

    private static async Task NotifiesAsync(WatcherEvent[] watched, RunStatus status, int rejects, int failedObjects, string events)
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher(events: watched));
        using var service = h.NewService();
        await h.RanAsync(status, rejects: rejects, change: r => r with { ObjectsFailed = failedObjects });
        await service.TickAsync(default);
        Assert.Equal(events, string.Join(' ', h.Sent.All.Select(m => m.Message.Event)));
        Assert.All(await h.DeliveriesAsync(), d => Assert.Equal(DeliveryState.Delivered, d.State));
    }
}
