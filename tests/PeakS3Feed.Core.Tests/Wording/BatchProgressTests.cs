using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Wording;

public sealed class BatchProgressTests
{
    [Fact]
    public void The_state_counts_feeds_adds_rows_and_rates_and_estimates_once_all_feeds_load()
    {
        var batch = new BatchProgress(3);
        Assert.Equal("0 of 3 feeds ended, 0 running, 0 rows", Text(batch));
        var a = batch.Begin();
        var b = batch.Begin();
        a.Report(Loading(bytes: 50_000_000, rows: 1000));
        Assert.Equal("0 of 3 feeds ended, 2 running, 1,000 rows, 5.0 MB/s", Text(batch));
        b.Report(Loading(bytes: 20_000_000, rows: 1));
        Assert.Equal(0.7 / 3, batch.State.Share, 9);
        a.Dispose();
        a.Dispose();
        Assert.Equal("1 of 3 feeds ended, 1 running, 1,001 rows, 2.0 MB/s", Text(batch));
        var c = batch.Begin();
        Assert.Null(batch.State.TimeLeft);
        c.Report(Loading(bytes: 90_000_000, rows: 9));
        // The slowest one: 80 MB at 2 MB/s.
        Assert.Equal("1 of 3 feeds ended, 2 running, 1,010 rows, 11.0 MB/s, 40.0 s left", Text(batch));
        b.Dispose();
        c.Dispose();
        Assert.Equal("3 of 3 feeds ended, 0 running, 1,010 rows", Text(batch));
        Assert.Equal(1, batch.State.Share);
    }

    [Theory]
    [InlineData(999_999, "99%")]
    [InlineData(1_000_000, "100%")]
    public void A_percentage_is_rounded_down(long bytes, string percent)
        => Assert.Contains($"({percent})", ProgressText.Format(Loading(bytes, rows: 1) with { BytesTotal = 1_000_000 }), StringComparison.Ordinal);

    private static string Text(BatchProgress batch) => ProgressText.Format(batch.State);

    private static RunProgress Loading(long bytes, long rows)
        => new(RunPhase.Loading, 0, 1, 2, bytes, 100_000_000, rows, 0, TimeSpan.FromSeconds(10), null);
}
