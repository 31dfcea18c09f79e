using PeakS3Feed.Feeds;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>What a run with too many rejects suggests lets the run pass, or is not suggested.</summary>
public sealed class ThresholdAdviceTests
{
    private const string Columns = "id,qty\n";

    private static string Rows(int good, int bad)
        => Columns + string.Concat(Enumerable.Range(0, good + bad).Select(i => i < bad ? $"{i},x\n" : $"{i},{i}\n"));

    private static Task<Loading> BeginAsync(string threshold, Func<S3Feed, S3Feed>? more = null) => Loading.BeginAsync(f =>
    {
        f = f with
        {
            FailedRowThreshold = FailedRowThreshold.Parse(threshold),
            Schema = new([new("id", "id", PeakS3Feed.Schemas.ColumnType.BigInt), new("qty", "qty", PeakS3Feed.Schemas.ColumnType.BigInt)]),
        };
        return more?.Invoke(f) ?? f;
    });

    [Theory]
    [InlineData("0", 2, 1, "1")]
    [InlineData("1%", 2, 1, "1")]
    [InlineData("1%", 980, 30, "3%")]
    [InlineData("0.5%", 9_900, 100, "1%")]
    [InlineData("0", 300, 80, "80")]
    [InlineData("5", 3_000, 90, "3%")]
    public async Task The_threshold_that_is_suggested_lets_the_run_pass(string threshold, int good, int bad, string suggested)
    {
        using var loading = await BeginAsync(threshold);
        loading.Write("a.csv", Rows(good, bad));
        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal("FailedRowThresholdExceeded", error.Id);
        Assert.Equal(Remedy.SetFeed("orders", "FailedRowThreshold", suggested).Cmdlet, error.Remedies[1].Cmdlet);
        await loading.ChangeAsync(f => f with { FailedRowThreshold = FailedRowThreshold.Parse(suggested) });
        var run = await loading.SucceedAsync();
        Assert.Equal((good, bad), (run.RowsLoaded, run.RowsRejected));
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData("1%", 1, 20)]
    [InlineData("0", 0, 1)]
    [InlineData("10", 0, 50)]
    public async Task Where_nearly_all_is_rejected_none_is_suggested(string threshold, int good, int bad)
    {
        using var loading = await BeginAsync(threshold);
        loading.Write("a.csv", Rows(good, bad));
        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal(Remedy.Rejects("orders"), Assert.Single(error.Remedies));
        Assert.Contains("another kind", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_reading_stopped_early_the_error_says_that_there_may_be_more()
    {
        using var loading = await BeginAsync("0");
        loading.Write("a.csv", Rows(200, 1));
        loading.Write("b.csv", Rows(200, 30));
        var error = (await loading.RunAsync()).FeedError!;
        Assert.Contains("more rows may be rejected", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_TruncateInsert_whose_rows_are_all_rejected_names_the_rejects_and_keeps_the_table()
    {
        using var loading = await BeginAsync("100%", f => f with { LoadType = LoadType.TruncateInsert });
        loading.Write("a.csv", Rows(3, 0));
        await loading.SucceedAsync();
        loading.Write("a.csv", Rows(0, 2));
        var result = await loading.RunAsync();
        Assert.Equal((RunStatus.Failed, "WouldEmptyTable"), (result.Run.Status, result.Run.ErrorId));
        Assert.StartsWith("All 2 rows of the source of feed orders were rejected", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal([Remedy.Rejects("orders")], result.FeedError!.Remedies);
        Assert.Equal("3", loading.Single("SELECT count(*) FROM orders"));
    }
}
