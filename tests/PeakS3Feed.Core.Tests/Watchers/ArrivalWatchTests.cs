using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Runs;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Tests.Watchers;

public class ArrivalWatchTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_day_without_an_object_is_told_of_once_and_one_with_an_object_is_not()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(7, 0)));
        var services = Enumerable.Range(0, 2).Select(_ => h.NewService()).ToList();
        await services[0].TickAsync(default);
        var day = WatcherHarness.Midnight;
        // On Tuesday a run finds nothing, on Wednesday one finds an object, on Thursday none runs.
        foreach (var found in new long?[] { 0, 1, null })
        {
            day += Day;
            h.Time.SetUtcNow(day.AddHours(6));
            if (found is { } objects)
                await h.RanAsync(objects == 0 ? RunStatus.NothingToDo : RunStatus.Succeeded, change: r => r with { ObjectsPlanned = objects });
            Assert.Equal(h.Time.GetUtcNow().AddHours(1), await services[0].TickAsync(default));
            h.Time.Advance(TimeSpan.FromHours(1));
            await Task.WhenAll(services.Select(s => Task.Run(() => s.TickAsync(default))));
            h.Time.Advance(TimeSpan.FromHours(1));
            await Task.WhenAll(services.Select(s => Task.Run(() => s.TickAsync(default))));
        }
        Assert.Equal(
            ["Nothing arrived for feed orders by 07:00 on Tuesday 2026-11-24 (UTC).", "Nothing arrived for feed orders by 07:00 on Thursday 2026-11-26 (UTC)."],
            h.Sent.Summaries);
        services.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task An_object_of_the_evening_before_does_not_count_and_one_after_midnight_of_the_zone_does()
    {
        // Midnight in Paris is 23:00 UTC.
        foreach (var (hour, told) in new[] { (22, true), (23, false) })
        {
            using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(7, 0), "Europe/Paris"));
            h.Time.SetUtcNow(WatcherHarness.Midnight.AddHours(hour).AddMinutes(30));
            await h.RanAsync(RunStatus.Succeeded, change: r => r with { ObjectsPlanned = 1 });
            h.Time.Advance(TimeSpan.FromHours(9));
            using var service = h.NewService();
            await service.TickAsync(default);
            Assert.Equal(told ? 1 : 0, h.Sent.All.Count);
        }
    }

    [Fact]
    public async Task Only_the_days_that_are_named_count()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(7, 0), null, "orders", DayOfWeek.Tuesday, DayOfWeek.Friday));
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromDays(14));
        Assert.Equal([24, 27, 1, 4], h.Sent.All.Select(m => m.At.Day));
        Assert.All(h.Sent.All, m => Assert.Equal(TimeSpan.FromHours(7), m.At.TimeOfDay));
    }

    [Theory]
    [InlineData("2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z")] // 02:30 is left out: when the clocks go on
    [InlineData("2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z", 1)] // 01:30 comes twice: the first time
    public async Task When_the_clocks_change_each_day_is_looked_at_once(string start, string expected, int hour = 2)
    {
        using var h = await WatcherHarness.StartAsync(DateTimeOffset.Parse(start, null), WatcherHarness.Arrival(new(hour, 30), "America/New_York"));
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromHours(36));
        Assert.Equal([DateTimeOffset.Parse(expected, null)], h.Sent.All.Select(m => m.At));
    }

    [Fact]
    public async Task A_check_that_was_missed_is_made_late_for_the_latest_day_only()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(7, 0)));
        using (var service = h.NewService())
            await service.TickAsync(default);
        h.Time.Advance(TimeSpan.FromDays(5));
        using var later = h.NewService();
        await later.TickAsync(default);
        await later.TickAsync(default);
        Assert.Equal(["Nothing arrived for feed orders by 07:00 on Saturday 2026-11-28 (UTC)."], h.Sent.Summaries);
    }

    [Fact]
    public async Task A_watcher_of_all_feeds_tells_of_each_enabled_feed_by_itself()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(7, 0), feed: S3FeedWatcher.AllFeeds));
        await h.Engine.Definitions.AddAsync(new PeakS3Feed.Feeds.S3Feed { Name = "idle", ConnectionName = "acme", Enabled = false });
        using var service = h.NewService();
        await h.PlayAsync(service, Day);
        Assert.Equal(["items", "orders"], h.Sent.All.Select(m => m.Message.Feed).Order());
    }

    [Fact]
    public async Task A_run_that_is_still_looking_is_waited_for()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(11, 0)));
        using var service = h.NewService();
        var run = await h.BeginAsync();
        h.Time.Advance(TimeSpan.FromHours(2));
        await service.TickAsync(default);
        Assert.Empty(h.Sent.All);
        await h.Engine.History.UpdateAsync(run with { Status = RunStatus.NothingToDo, EndedAt = h.Time.GetUtcNow() });
        await service.TickAsync(default);
        Assert.Single(h.Sent.All);
    }

    [Fact]
    public async Task A_watcher_that_breaks_a_rule_does_not_keep_others_from_being_told()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(11, 0)), WatcherHarness.Arrival(new(11, 0)) with { Name = "broken" });
        await h.Engine.Store.UpdateAsync(d => d with { Watchers = [.. d.Watchers.OrderBy(w => w.Name).Select(w => w.Name == "broken" ? w with { TimeZone = "No/Where" } : w)] });
        using var service = h.NewService();
        h.Time.Advance(TimeSpan.FromHours(2));
        await service.TickAsync(default);
        Assert.Equal(["ops"], h.Sent.All.Select(m => m.Watcher));
    }

    [Fact]
    public async Task A_run_whose_process_ended_is_waited_for_no_longer()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(11, 0)));
        using var service = h.NewService();
        await h.BeginAsync(host: null);
        h.Time.Advance(TimeSpan.FromHours(2));
        await service.TickAsync(default);
        Assert.Single(h.Sent.All);
    }

    [Fact]
    public async Task A_clock_that_was_ahead_silences_nobody()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(11, 0)));
        using (var ahead = h.NewService(new FakeTimeProvider(WatcherHarness.Start.AddDays(10).AddHours(3))))
            await ahead.TickAsync(default);
        var before = h.Sent.All.Count;
        using var service = h.NewService();
        await h.PlayAsync(service, TimeSpan.FromDays(3));
        Assert.Equal(before + 3, h.Sent.All.Count);
    }

    [Fact]
    public async Task A_feed_that_is_made_after_the_time_is_not_missing_because_another_is_still_looking()
    {
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Arrival(new(11, 0), feed: S3FeedWatcher.AllFeeds));
        using var service = h.NewService();
        h.Time.Advance(TimeSpan.FromMinutes(50));
        var looking = await h.BeginAsync();
        h.Time.Advance(TimeSpan.FromMinutes(20));
        await service.TickAsync(default);
        h.Time.Advance(TimeSpan.FromHours(2));
        await h.Engine.Definitions.AddAsync(new PeakS3Feed.Feeds.S3Feed { Name = "fresh", ConnectionName = "acme" });
        await service.TickAsync(default);
        Assert.Equal(["items"], h.Sent.All.Select(m => m.Message.Feed));
        await h.Engine.History.UpdateAsync(looking with { Status = RunStatus.NothingToDo, EndedAt = h.Time.GetUtcNow() });
        await service.TickAsync(default);
        await service.TickAsync(default);
        Assert.Equal(["items", "orders"], h.Sent.All.Select(m => m.Message.Feed));
    }
}
