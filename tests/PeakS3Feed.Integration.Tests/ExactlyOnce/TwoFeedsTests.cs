using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Two feeds whose first loads into one table are under way at once.</summary>
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

        var (first, second) = await TogetherAsync(scenario, CommitStep.Prepared, TimeSpan.FromSeconds(30));

        Assert.Equal((RunStatus.Succeeded, RunStatus.Succeeded), (first.Status, second.Status));
        Assert.True(second.EndedAt < first.EndedAt, "The second feed waited for the first.");
    }

    private static async Task<Scenario> BeginAsync(LoadKind kind)
    {
        var scenario = await Scenario.OnPostgreSqlAsync(kind, files: 2, perCommit: 0);
        await scenario.Store.ChangeFeedAsync(f => f with { Table = "shared" });
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
