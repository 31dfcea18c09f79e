using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Triggers;

public class ScheduleTests
{
    private const string Paris = "Europe/Paris", NewYork = "America/New_York", LordHowe = "Australia/Lord_Howe", Cairo = "Africa/Cairo", Dublin = "Europe/Dublin";

    // In UTC; the clocks go forward or back within each.
    [Theory]
    [InlineData(Paris, "02:30", "2027-03-27 12:00", "2027-03-28 01:00", "2027-03-29 00:30")] // 02:30 is left out; it goes on with 03:00
    [InlineData(Paris, "02:00", "2027-03-27 12:00", "2027-03-28 01:00", "2027-03-29 00:00")]
    [InlineData(Paris, "03:00", "2027-03-27 12:00", "2027-03-28 01:00", "2027-03-29 01:00")]
    [InlineData(Paris, "02:30", "2026-10-24 12:00", "2026-10-25 00:30", "2026-10-26 01:30")] // 02:30 comes twice
    [InlineData(Paris, "03:00", "2026-10-24 12:00", "2026-10-25 02:00", "2026-10-26 02:00")]
    [InlineData(NewYork, "02:30", "2027-03-13 12:00", "2027-03-14 07:00", "2027-03-15 06:30")]
    [InlineData(NewYork, "01:30", "2026-10-31 12:00", "2026-11-01 05:30", "2026-11-02 06:30")]
    [InlineData(LordHowe, "02:15", "2026-10-03 00:00", "2026-10-03 15:30", "2026-10-04 15:15")] // by half an hour
    [InlineData(LordHowe, "01:45", "2027-04-03 00:00", "2027-04-03 14:45", "2027-04-04 15:15")]
    [InlineData(Cairo, "00:00", "2027-04-29 12:00", "2027-04-29 22:00", "2027-04-30 21:00")] // a midnight is left out
    [InlineData(Cairo, "23:30", "2026-10-29 12:00", "2026-10-29 20:30", "2026-10-30 21:30")]
    [InlineData(Dublin, "01:30", "2026-03-28 12:00", "2026-03-29 01:00", "2026-03-30 00:30")] // by its rules, winter is what is set back
    [InlineData(Dublin, "01:30", "2026-10-24 12:00", "2026-10-25 00:30", "2026-10-26 01:30")]
    public void A_time_of_day_fires_once_a_day_whatever_the_clocks_do(string zone, string at, string after, string first, string second)
        => Assert.Equal([At(first), At(second)], Daily(at, zone).After(At(after)).Take(2));

    [Theory]
    [InlineData(Paris, "0 30 2 * * ?")]
    [InlineData(NewYork, "0 30 1 ? * SUN")]
    [InlineData(LordHowe, "0 45 1 * * ?")]
    [InlineData(Cairo, "0 0 0 * * ?")]
    public void Over_ten_years_each_day_that_an_expression_names_has_one_fire(string zone, string cron)
    {
        var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var fires = TriggerSchedule.From(CronTests.Cron(cron, zone))!.After(At("2026-01-01 12:00")).TakeWhile(t => t < At("2036-01-01 12:00"))
            .Select(t => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(t, clock).DateTime)).ToList();
        var days = Enumerable.Range(0, 3652).Select(new DateOnly(2026, 1, 2).AddDays).TakeWhile(d => d <= fires[^1])
            .Where(d => !cron.EndsWith("SUN", StringComparison.Ordinal) || d.DayOfWeek == DayOfWeek.Sunday);
        Assert.True(fires.Count > 500);
        Assert.Equal(days, fires);
    }

    [Trait(Category.Name, Category.Slow)]
    // Against clocks that are looked at minute by minute, around each change of all zones there are.
    [Fact]
    public void In_every_zone_a_time_of_day_fires_at_the_first_instant_at_which_clocks_show_it_or_more()
    {
        var (start, end) = (At("2025-01-01 00:00"), At("2028-01-01 00:00"));
        var looked = 0;
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones().DistinctBy(z => string.Join(' ', Changes(z, start, end)) + z.BaseUtcOffset))
        {
            foreach (var change in Changes(zone, start, end))
            {
                var (from, until) = (change.AddDays(-2), change.AddDays(3));
                foreach (var time in new[] { "00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "12:00", "23:30" })
                {
                    looked++;
                    var fires = Daily(time, zone.Id).After(from).TakeWhile(t => t <= until);
                    Assert.True(Watched(zone, TimeOnly.Parse(time, CultureInfo.InvariantCulture), from, until).SequenceEqual(fires), $"{zone.Id} {time} around {change:yyyy-MM-dd}");
                }
            }
        }
        Assert.InRange(looked, 500, 20_000);
    }

    private static List<DateTimeOffset> Changes(TimeZoneInfo zone, DateTimeOffset start, DateTimeOffset end)
        => [.. Enumerable.Range(0, (int)(end - start).TotalDays).Select(d => start.AddDays(d)).Where(d => zone.GetUtcOffset(d) != zone.GetUtcOffset(d.AddDays(1)))];

    private static List<DateTimeOffset> Watched(TimeZoneInfo zone, TimeOnly time, DateTimeOffset from, DateTimeOffset until)
    {
        DateTime Shown(DateTimeOffset at) => at.UtcDateTime + zone.GetUtcOffset(at);
        var due = Shown(from).Date + time.ToTimeSpan();
        if (due <= Shown(from))
            due = due.AddDays(1);
        var fires = new List<DateTimeOffset>();
        for (var at = from; at <= until; at = at.AddMinutes(1))
        {
            for (; Shown(at) >= due; due = due.AddDays(1))
                fires.Add(at);
        }
        return fires;
    }

    [Fact]
    public void Times_that_are_left_out_fire_together_when_the_clocks_go_on()
        => Assert.Equal(
            [At("2027-03-14 06:00"), At("2027-03-14 06:30"), At("2027-03-14 07:00"), At("2027-03-15 05:00")],
            TriggerSchedule.From(CronTests.Cron("0 0/30 1-2 * * ?", NewYork))!.After(At("2027-03-14 00:00")).Where(t => t != At("2027-03-15 05:30")).Take(4));

    [Theory]
    [InlineData(Paris, "2026-10-24 22:00")]
    [InlineData(Paris, "2027-03-27 22:00")]
    [InlineData(NewYork, "2026-11-01 03:00")]
    [InlineData(LordHowe, "2027-04-03 12:00")]
    [InlineData(Cairo, "2026-10-29 18:00")]
    [InlineData(Dublin, "2026-10-24 22:00")]
    [InlineData(Dublin, "2026-03-28 22:00")]
    public void What_fires_in_every_hour_goes_on_evenly(string zone, string after)
    {
        var start = At(after);
        Assert.Equal(
            Enumerable.Range(1, 40).Select(i => start + TimeSpan.FromMinutes(15 * i)),
            TriggerSchedule.From(CronTests.Cron("0 0/15 * * * ?", zone))!.After(start).Take(40));
    }

    [Fact]
    public void Weekdays_are_those_of_the_time_zone()
    {
        var monday = new S3FeedTrigger { Name = "t", FeedName = "f", Kind = TriggerKind.Weekly, At = new(12, 0), DaysOfWeek = [DayOfWeek.Monday, DayOfWeek.Tuesday], TimeZone = "Pacific/Auckland" };
        Assert.Equal([At("2026-11-22 23:00"), At("2026-11-23 23:00"), At("2026-11-29 23:00")], TriggerSchedule.From(monday)!.After(At("2026-11-22 12:00")).Take(3));
        Assert.Equal("On Monday and Tuesday at 12:00 (Pacific/Auckland).", TriggerText.Describe(monday));
    }

    [Theory]
    [InlineData("00:02:00", "10:00:00", "10:02:00", "Every 2 minutes.")]
    [InlineData("00:02:00", "10:01:59", "10:02:00", "Every 2 minutes.")]
    [InlineData("01:00:00", "10:00:01", "11:00:00", "Every hour.")]
    [InlineData("01:30:10", "10:00:01", "11:11:50", "Every 1 hour, 30 minutes and 10 seconds.")]
    public void An_interval_is_counted_so_that_all_agree(string every, string after, string next, string words)
    {
        var trigger = new S3FeedTrigger { Name = "t", FeedName = "f", Kind = TriggerKind.Every, Every = TimeSpan.Parse(every, CultureInfo.InvariantCulture) };
        var due = TriggerSchedule.From(trigger)!.NextAfter(At("2026-11-23 " + after))!.Value;
        Assert.Equal(0, (due - DateTimeOffset.UnixEpoch).Ticks % trigger.Every.Value.Ticks);
        Assert.True(due > At("2026-11-23 " + after) && due - At("2026-11-23 " + after) <= trigger.Every);
        if (trigger.Every.Value.Seconds == 0)
            Assert.Equal(At("2026-11-23 " + next), due);
        Assert.Equal(words, TriggerText.Describe(trigger));
    }

    [Fact]
    public void Before_1970_intervals_are_counted_too()
        => Assert.Equal(At("1969-12-31 23:59:50"), new EverySchedule(TimeSpan.FromSeconds(10)).NextAfter(At("1969-12-31 23:59:45")));

    [Fact]
    public void Once_is_once()
    {
        var trigger = new S3FeedTrigger { Name = "t", FeedName = "f", Kind = TriggerKind.Once, OnceAt = new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(1)) };
        var schedule = TriggerSchedule.From(trigger)!;
        Assert.Equal([At("2026-12-01 08:00")], schedule.After(At("2026-11-23 10:00")));
        Assert.Null(schedule.NextAfter(At("2026-12-01 08:00")));
        Assert.Equal("Once, on 2026-12-01 at 09:00:00 +01:00.", TriggerText.Describe(trigger));
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData("0 0 7 * * ?")]
    [InlineData("*/10 * * * * ?")]
    [InlineData("0 0/7 8-17 ? * MON-FRI")]
    [InlineData("0 0 0 L * ?")]
    [InlineData("0 0 0 29 2 ?")]
    [InlineData("0 30 2 * * ?")]
    public void The_last_fire_is_the_last_of_all_fires(string cron)
    {
        var schedule = TriggerSchedule.From(CronTests.Cron(cron, Paris))!;
        var random = new Random(20261123);
        for (var i = 0; i < 40; i++)
        {
            var until = At("2026-01-01 00:00") + TimeSpan.FromSeconds(random.Next(86_400 * 500));
            var after = until - TimeSpan.FromSeconds(random.Next(i % 2 == 0 ? 40_000 : 4_000_000) + 1);
            if (cron[0] == '*')
                after = until - TimeSpan.FromSeconds(random.Next(20_000) + 1);
            DateTimeOffset? last = null;
            foreach (var due in schedule.After(after).TakeWhile(t => t <= until))
                last = due;
            Assert.Equal(last, schedule.LastUpTo(until, after));
        }
    }

    [Fact]
    public void The_last_fire_of_a_long_time_is_found_soon()
    {
        var everySecond = TriggerSchedule.From(CronTests.Cron("* * * * * ?"))!;
        Assert.Equal(At("2026-11-23 10:00"), everySecond.LastUpTo(At("2026-11-23 10:00"), At("2000-01-01 00:00")));
    }

    [Theory]
    [InlineData("Europe/Paris")]
    [InlineData("Romance Standard Time")]
    [InlineData("UTC")]
    public void Time_zones_have_two_kinds_of_names(string id) => Assert.True(TriggerTimeZone.TryFind(id, out _));

    [Theory]
    [InlineData("Europe/Atlantis")]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    public void What_is_no_time_zone_is_said(string id)
    {
        var error = Assert.Throws<FeedException>(() => TriggerSchedule.From(CronTests.Cron("0 0 7 * * ?", id)));
        Assert.Equal("TriggerInvalid", error.Id);
        Assert.Contains($"\"{id}\"", error.Message, StringComparison.Ordinal);
    }

    private static TriggerSchedule Daily(string at, string zone) => TriggerSchedule.From(new S3FeedTrigger
    {
        Name = "t", FeedName = "f", Kind = TriggerKind.Daily, At = TimeOnly.Parse(at, CultureInfo.InvariantCulture), TimeZone = zone,
    })!;

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
