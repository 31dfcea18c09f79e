using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Tests;

public class FailedRowThresholdTests
{
    [Theory]
    [InlineData("0", 0, 100, false)]
    [InlineData("0", 1, 100, true)]
    [InlineData("25", 25, 25, false)]
    [InlineData("25", 26, 1_000_000, true)]
    [InlineData("1%", 1, 100, false)]
    [InlineData("1%", 2, 199, true)]
    [InlineData("0.5%", 5, 1000, false)]
    public void A_count_or_a_share_of_the_rows_read_is_the_limit(string text, long rejects, long rows, bool exceeded)
        => Assert.Equal(exceeded, FailedRowThreshold.Parse(text).IsExceededBy(rejects, rows));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("few")]
    public void Anything_else_is_refused_with_the_way_to_write_it(string text)
    {
        var error = Assert.Throws<FeedException>(() => FailedRowThreshold.Parse(text));
        Assert.Equal("FailedRowThresholdInvalid", error.Id);
        Assert.Contains("1%", error.Hint, StringComparison.Ordinal);
    }
}
