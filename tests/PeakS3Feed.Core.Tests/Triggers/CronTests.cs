using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Triggers;

public class CronTests
{
    // A Monday.
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0 0 12 * * ?", "11-23 12:00", "11-24 12:00", "Every day at 12:00")]
    [InlineData("0 15 10 ? * MON-FRI", "11-23 10:15", "11-24 10:15", "On Monday to Friday at 10:15")]
    [InlineData("0 15 10 ? * 2,4", "11-23 10:15", "11-25 10:15", "On Monday and Wednesday at 10:15")]
    [InlineData("30 15 10 15 * ?", "12-15 10:15:30", "2027-01-15 10:15:30", "On day 15 of the month at 10:15:30")]
    [InlineData("0 15 10 L * ?", "11-30 10:15", "12-31 10:15", "On the last day of the month at 10:15")]
    [InlineData("0 15 10 L-2 * ?", "11-28 10:15", "12-29 10:15", "On the day 2 before the last of the month at 10:15")]
    [InlineData("0 15 10 LW * ?", "11-30 10:15", "12-31 10:15", "On the last weekday of the month at 10:15")]
    [InlineData("0 15 10 ? * 6L", "11-27 10:15", "12-25 10:15", "On the last Friday of the month at 10:15")]
    [InlineData("0 15 10 ? * 6#3", "12-18 10:15", "2027-01-15 10:15", "On the third Friday of the month at 10:15")]
    [InlineData("0 0 9 15W * ?", "12-15 09:00", "2027-01-15 09:00", "On the weekday nearest to day 15 of the month at 09:00")]
    [InlineData("0 0/5 14 * * ?", "11-23 14:00", "11-23 14:05", "Every 5 minutes, in hour 14")]
    [InlineData("0 */10 * * * ?", "11-23 10:10", "11-23 10:20", "Every 10 minutes")]
    [InlineData("0 0/30 8-17 ? * MON-FRI", "11-23 10:30", "11-23 11:00", "On Monday to Friday, every 30 minutes, in hours 08 to 17")]
    [InlineData("0 0 6,18 * * ?", "11-23 18:00", "11-24 06:00", "Every day at 06:00 and 18:00")]
    [InlineData("0 10,44 14 ? 3 WED", "2027-03-03 14:10", "2027-03-03 14:44", "On Wednesday in March at 14:10 and 14:44")]
    [InlineData("0 11 11 11 11 ?", "2027-11-11 11:11", "2028-11-11 11:11", "On day 11 of the month in November at 11:11")]
    [InlineData("0 0 0 29 2 ?", "2028-02-29 00:00", "2032-02-29 00:00", "On day 29 of the month in February at 00:00")]
    [InlineData("0 0 12 ? * 2#1 2027", "2027-01-04 12:00", "2027-02-01 12:00", "On the first Monday of the month in 2027 at 12:00")]
    [InlineData("*/20 * * * * ?", "11-23 10:00:20", "11-23 10:00:40", "Every 20 seconds")]
    [InlineData("0 0 0 1 JAN-MAR ?", "2027-01-01 00:00", "2027-02-01 00:00", "On day 1 of the month in January to March at 00:00")]
    [InlineData("0 0 12 1/5 * ?", "11-26 12:00", "12-01 12:00", "On day 1 of the month and every 5 days from there at 12:00")]
    [InlineData("0 0 12 ? JANUARY MON#5", "2028-01-31 12:00", "2029-01-29 12:00", "On the fifth Monday of the month in January at 12:00")]
    [InlineData("0 0 12 31W 2 ?", "2027-02-26 12:00", "2028-02-29 12:00", "On the weekday nearest to day 31 of the month in February at 12:00")]
    [InlineData("0 0 22-2 * * ?", "11-23 22:00", "11-23 23:00", "Every day at minute 0 of the hour, in hours 22 to 02")]
    [InlineData("30 4 * * 1", "11-30 04:30", "12-07 04:30", "On Monday at 04:30")]
    [InlineData("*/15 * * * *", "11-23 10:15", "11-23 10:30", "Every 15 minutes")]
    [InlineData("0 22 * * 1-5", "11-23 22:00", "11-24 22:00", "On Monday to Friday at 22:00")]
    [InlineData("0 0 * * 7", "11-29 00:00", "12-06 00:00", "On Sunday at 00:00")]
    [InlineData("0 12 * * */2", "11-24 12:00", "11-26 12:00", "On Sunday and every 2 days from there at 12:00")]
    [InlineData("0 12 1 */3 *", "2027-01-01 12:00", "2027-04-01 12:00", "On day 1 of the month in January and every 3 months from there at 12:00")]
    [InlineData("0 12 1-31/2 * 1", "11-23 12:00", "11-25 12:00", "On days 1 to 31 by 2 of the month, and on Monday at 12:00")]
    [InlineData("@daily", "11-24 00:00", "11-25 00:00", "Every day at 00:00")]
    public void An_expression_fires_when_it_says_and_says_so_in_words(string cron, string first, string second, string words)
    {
        var trigger = Cron(cron);
        var schedule = TriggerSchedule.From(trigger)!;
        Assert.Equal([At(first), At(second)], schedule.After(Start).Take(2));
        Assert.StartsWith(words + " (UTC).", TriggerText.Describe(trigger), StringComparison.Ordinal);
    }

    // Expected times are what Quartz 4.7 gave, by which stores of earlier versions were made.
    [Theory]
    [InlineData("0 0 12 15 * MON", "11-23", "11-30", "12-07", "12-14", "12-15")]
    [InlineData("0 0 12 L,15 * ?", "11-30", "12-15", "12-31", "2027-01-15", "2027-01-31")]
    [InlineData("0 0 12 15W,20 * ?", "12-15", "12-20", "2027-01-15", "2027-01-20", "2027-02-15")]
    [InlineData("0 0 12 LW,1 * ?", "11-30", "12-01", "12-31", "2027-01-01", "2027-01-29")]
    [InlineData("0 0 12 L-3W * ?", "11-27", "12-28", "2027-01-28", "2027-02-25", "2027-03-29")]
    [InlineData("0 0 12 30W * ?", "11-30", "12-30", "2027-01-29", "2027-02-26", "2027-03-30")]
    [InlineData("0 0 12 29W 2 ?", "2027-02-26", "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28")]
    [InlineData("0 0 12 L-30 * ?", "12-01", "2027-01-01", "2027-03-01", "2027-05-01", "2027-07-01")]
    [InlineData("0 0 12 28-3 * ?", "11-28", "11-29", "11-30", "12-01", "12-02")]
    [InlineData("0 0 12 ? * MON/2", "11-23", "11-25", "11-27", "11-30", "12-02")]
    [InlineData("0 0 12 ? * 7-1", "11-28", "11-29", "12-05", "12-06", "12-12")]
    [InlineData("0 0 12 ? * L", "11-28", "12-05", "12-12", "12-19", "12-26")]
    [InlineData("0 0 12 ? * FRIL", "11-27", "12-25", "2027-01-29", "2027-02-26", "2027-03-26")]
    [InlineData("0 0 12 1,* * MON", "11-23", "11-30", "12-07", "12-14", "12-21")]
    [InlineData("0 0 12 1 * ? 2028/2", "2028-01-01", "2028-02-01", "2028-03-01", "2028-04-01", "2028-05-01")]
    [InlineData("0 0 12 31 12 ? 2027,2030-2032", "2027-12-31", "2030-12-31", "2031-12-31", "2032-12-31", null)]
    [InlineData("0 12 * * 1-7/2", "11-23", "11-25", "11-27", "11-29", "11-30")]
    [InlineData("0 12 * * 0-7/2", "11-24", "11-26", "11-28", "11-29", "12-01")]
    [InlineData("0 12 13 * 5L", "11-27", "12-13", "12-25", "2027-01-13", "2027-01-29")]
    [InlineData("0 12 1 * 0-6", "12-01", "2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01")]
    public void Days_are_those_that_Quartz_gave(string cron, params string?[] days)
        => Assert.Equal(days.Where(d => d is not null).Select(d => At(d + " 12:00")), TriggerSchedule.From(Cron(cron))!.After(Start).Take(5));

    [Fact]
    public void Unix_takes_either_of_two_days()
        => Assert.Equal(
            [At("11-27 00:00"), At("12-04 00:00"), At("12-11 00:00"), At("12-13 00:00")],
            TriggerSchedule.From(Cron("0 0 13 * 5"))!.After(Start).Take(4));

    [Fact]
    public void Unix_is_echoed_as_such()
        => Assert.Equal("On Monday at 04:30 (UTC). This is Unix cron. In Quartz syntax: 0 30 4 ? * MON", TriggerText.Describe(Cron("30 4 * * 1")));

    [Theory]
    [InlineData("0 61 10 * * ?", "column 3", "minutes (field 2)", "61")]
    [InlineData("0 15 25 * * ?", "column 6", "hours (field 3)", "25")]
    [InlineData("0 15 10 32 * ?", "column 9", "day of month (field 4)", "32")]
    [InlineData("0 15 10 ? 13 *", "column 11", "month (field 5)", "13")]
    [InlineData("0 15 10 ? * MON-XYZ", "column 13", "day of week (field 6)", "MON-XYZ")]
    [InlineData("0 15 10 ? * 2#6", "column 13", "day of week (field 6)", "2#6")]
    [InlineData("0 15 10 ? * MON 1890", "column 17", "year (field 7)", "1890")]
    [InlineData("a 15 10 ? * MON", "column 1", "seconds (field 1)", "a")]
    [InlineData("0 0 99 * * ?", "column 5", "hours (field 3)", "99")]
    [InlineData("0 98 0 * * ?", "column 3", "minutes (field 2)", "98")]
    [InlineData("0 0 1,98 * * ?", "column 5", "hours (field 3)", "1,98")]
    [InlineData("0 0 12 99 * ?", "column 8", "day of month (field 4)", "99")]
    [InlineData("0 0 1-99 * * ?", "column 5", "hours (field 3)", "1-99")]
    [InlineData("0 0 0/99 * * ?", "column 5", "hours (field 3)", "0/99")]
    [InlineData("0,, 0 12 * * ?", "column 1", "seconds (field 1)", "0,,")]
    [InlineData("0 0 12 W * ?", "column 8", "day of month (field 4)", "W")]
    [InlineData("H H * * *", "column 1", "minutes (field 1)", "H")]
    [InlineData("99 4 * * 1", "column 1", "minutes (field 1)", "99")]
    [InlineData("61 4 * * 1", "column 1", "minutes (field 1)", "61")]
    [InlineData("0 12 */2 * 1", "column 6", "day of month (field 3)", "*/2")]
    [InlineData("0 12 13 * */5", "column 11", "day of week (field 5)", "*/5")]
    [InlineData("0 0 12 29 2 ? 2027", "column 15", "year (field 7)", "2027")]
    [InlineData("  5  4 * * 9", "column 12", "day of week (field 5)", "9")]
    [InlineData("0 0 12 ? JUNE-DEC *", "column 10", "month (field 5)", "JUNE-DEC")] // Quartz took June alone
    [InlineData("0 0 12 ? * MON-FRI#1", "column 12", "day of week (field 6)", "MON-FRI#1")] // Quartz took every weekday
    [InlineData("0 0 12 25-L * ?", "column 8", "day of month (field 4)", "25-L")]
    [InlineData("0 0 12 LW-2 * ?", "column 8", "day of month (field 4)", "LW-2")]
    [InlineData("0 0 12 15W/2 * ?", "column 8", "day of month (field 4)", "15W/2")]
    [InlineData("0 0 12 ? * 2L,3", "column 12", "day of week (field 6)", "2L,3")]
    [InlineData("0 0 12 ? * 0", "column 12", "day of week (field 6)", "0")]
    [InlineData("0 1--5 * * * ?", "column 3", "minutes (field 2)", "1--5")]
    [InlineData("0 1- * * * ?", "column 3", "minutes (field 2)", "1-")]
    [InlineData("0 */60 * * * ?", "column 3", "minutes (field 2)", "*/60")]
    [InlineData("0 0/0 * * * ?", "column 3", "minutes (field 2)", "0/0")]
    [InlineData("0 0 ? * * ?", "column 5", "hours (field 3)", "?")]
    [InlineData("0 0 12 ? * * 2029-2027", "column 14", "year (field 7)", "2029-2027")]
    public void What_is_malformed_is_pointed_at(string cron, string column, string field, string text)
    {
        var error = Assert.Throws<FeedException>(() => CronText.Parse(cron));
        Assert.Equal("CronInvalid", error.Id);
        Assert.All([column, field, $"\"{text}\""], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.NotNull(error.Hint);
    }

    [Theory]
    [InlineData("@reboot")]
    [InlineData("@every 5m")]
    [InlineData("@")]
    public void A_name_that_nobody_knows_is_refused(string cron) => Assert.Equal("CronInvalid", Assert.Throws<FeedException>(() => CronText.Parse(cron)).Id);

    [Theory]
    [InlineData("0 0 0 30 2 ?", "field 4) \"30\"", "field 5) \"2\"")]
    [InlineData("0 0 0 31 4,6 ?", "field 4) \"31\"", "field 5) \"4,6\"")]
    [InlineData("0 0 31 2 *", "field 3) \"31\"", "field 4) \"2\"")]
    public void What_never_comes_is_pointed_at(string cron, string day, string month)
    {
        var error = Assert.Throws<FeedException>(() => CronText.Parse(cron));
        Assert.Equal("CronInvalid", error.Id);
        Assert.Contains(day, error.Message, StringComparison.Ordinal);
        Assert.Contains(month, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0 0 12 *")]
    [InlineData("0 0 12 * * ? 2027 1")]
    public void The_number_of_fields_is_said(string cron)
    {
        var error = Assert.Throws<FeedException>(() => CronText.Parse(cron));
        Assert.Contains($"has {cron.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length} field", error.Message, StringComparison.Ordinal);
        Assert.Contains("6 or 7", error.Hint, StringComparison.Ordinal);
    }

    internal static S3FeedTrigger Cron(string cron, string? zone = null)
        => new() { Name = "orders_cron", FeedName = "orders", Kind = TriggerKind.Cron, Cron = cron, TimeZone = zone };

    private static DateTimeOffset At(string text)
        => DateTimeOffset.Parse(text.Length > 14 && text[4] == '-' ? text : "2026-" + text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
