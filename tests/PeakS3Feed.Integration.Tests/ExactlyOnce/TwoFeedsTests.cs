using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Two feeds whose first loads into one table are under way at once.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class TwoFeedsTests
{
    [SkippableFact]
    public async Task Of_two_feeds_that_replace_a_table_only_one_gets_it()
    {
        await using var scenario = await BeginAsync(LoadKind.TruncateInsert);

        var (first, second) = await TogetherAsync(scenario, CommitStep.Checked, TimeSpan.FromSeconds(2));

        Assert.Equal(RunStatus.Succeeded, first.Status);
        Assert.Equal((RunStatus.Failed, "TableBelongsToOther"), (second.Status, second.ErrorId));
    }

    [SkippableFact]
    public async Task Two_feeds_that_add_rows_load_side_by_side()
    {
        await using var scenario = await BeginAsync(LoadKind.Append);

        var (first, second) = await TogetherAsync(scenario, CommitStep.Prepared, TestLimits.Hang);

        Assert.Equal((RunStatus.Succeeded, RunStatus.Succeeded), (first.Status, second.Status));
        Assert.True(second.EndedAt < first.EndedAt, "The second feed waited for the first.");
    }

    // Both find no table. The second one's CREATE TABLE waits for the first one's commit, and then there is one.
    [SkippableTheory]
    [InlineData(true, RunStatus.Succeeded, null, 2)]
    [InlineData(false, RunStatus.Failed, "TableHoldsRows", 1)]
    public async Task Two_feeds_whose_table_is_missing_do_not_both_make_it(bool adopt, RunStatus status, string? error, int feeds)
    {
        await using var scenario = await BeginAsync(LoadKind.Append, adopt);
        await scenario.Database.ExecuteAsync("DROP TABLE shared");

        var (first, second) = await TogetherAsync(scenario, CommitStep.Prepared, TimeSpan.FromSeconds(2));

        Assert.Equal(RunStatus.Succeeded, first.Status);
        Assert.Equal((status, error), (second.Status, second.ErrorId));
        Assert.Equal(first.RowsLoaded * feeds, Assert.Single(await scenario.Database.QueryAsync("SELECT count(*) FROM shared"))[0]);
        Assert.Equal((long)feeds, Assert.Single(await scenario.Database.QueryAsync("SELECT count(DISTINCT feed_id) FROM peaks3feed_load"))[0]);
    }

    private static async Task<Scenario> BeginAsync(LoadKind kind, bool adopt = false)
    {
        var scenario = await Scenario.OnPostgreSqlAsync(kind, files: 2, perCommit: 0);
        await scenario.Store.ChangeFeedAsync(f => f with { Table = "shared", AdoptTable = adopt });
        await scenario.Database.ExecuteAsync(
            """
            CREATE TABLE shared (row_id text, customer bigint, version bigint, amount bigint, price numeric(38,2), placed timestamp with time zone, note text,
                peakauditcreatedat timestamp with time zone, peakauditfilename text, peakauditrequestid text)
            """);
        await scenario.Store.AddAsync(await scenario.Store.FeedAsync() with { Id = Guid.NewGuid(), Name = "others" });
        return scenario;
    }

    // The second feed runs while the first one stands at a step.
    private static async Task<(S3FeedRun First, S3FeedRun Second)> TogetherAsync(Scenario scenario, CommitStep step, TimeSpan patience)
    {
        Task<Feeds.Running.RunResult>? second = null;
        var first = await Task.Run(() => scenario.Store.RunAsync(new AtStep(step, 1, () =>
        {
            second = Task.Run(() => scenario.Store.RunAsync(feed: "others"));
            second.Wait(patience);
        })));
        return (first.Run, (await second!).Run);
    }
}
