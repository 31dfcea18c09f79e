using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("5m", "00:05:00")]
    [InlineData("2h", "02:00:00")]
    [InlineData("30d", "30.00:00:00")]
    [InlineData("1w", "7.00:00:00")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("1d 2h 3m 4s", "1.02:03:04")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData(" 5 minutes ", "00:05:00")]
    [InlineData("2H", "02:00:00")]
    [InlineData("00:05:00", "00:05:00")]
    [InlineData("00:05", "00:05:00")]
    [InlineData("30.00:00:00", "30.00:00:00")]
    [InlineData("00:00:00.5", "00:00:00.5")]
    [InlineData("0s", "00:00:00")]
    [InlineData("-1.00:00:00", "-1.00:00:00")]
    [InlineData("-1d", "-1.00:00:00")]
    public void Reads_what_people_write(string text, string expected)
    {
        Assert.Null(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), duration);
    }

    [Theory]
    [InlineData("30", "30 has no unit. Write 30s for seconds, 30m for minutes, 30h for hours, or 30d for days.")]
    [InlineData("0", "0 has no unit. Write 0s for seconds, 0m for minutes, 0h for hours, or 0d for days.")]
    [InlineData("1.5", "1.5 has no unit. Write 1.5s for seconds, 1.5m for minutes, 1.5h for hours, or 1.5d for days.")]
    [InlineData("1M", "\"1M\" could mean minutes or months. Write 90s, 5m, 2h, 30d, 1h30m or 00:05:00.")]
    [InlineData("36:00:00", "\"36:00:00\" could mean hours or days. Write 36h or 36d.")]
    [InlineData("99999999999d", "\"99999999999d\" is longer than a duration can be.")]
    [InlineData("", "\"\" is not a duration. Write 90s, 5m, 2h, 30d, 1h30m or 00:05:00.")]
    [InlineData("soon", "\"soon\" is not a duration. Write 90s, 5m, 2h, 30d, 1h30m or 00:05:00.")]
    [InlineData("1h30", "\"1h30\" is not a duration. Write 90s, 5m, 2h, 30d, 1h30m or 00:05:00.")]
    [InlineData("30m1h", "\"30m1h\" is not a duration. Write 90s, 5m, 2h, 30d, 1h30m or 00:05:00.")]
    [InlineData("00:99:00", "\"00:99:00\" is not a duration. Write 90s, 5m, 2h, 30d, 1h30m or 00:05:00.")]
    public void Says_how_to_write_what_it_cannot_read(string text, string problem) => Assert.Equal(problem, DurationText.TryParse(text, out _));
}
