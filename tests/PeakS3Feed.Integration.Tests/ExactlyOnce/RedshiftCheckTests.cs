using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.RedshiftServer.Control;
using PeakS3Feed.RedshiftServer.DataApi;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The checks of a commit into Redshift, each by a change that it alone notices. tests/mutations takes them away one by one.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftCheckTests
{
    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public Task A_run_whose_feed_was_claimed_since_it_inspected_the_table_commits_nothing(Way way)
        => MustStopAsync(way, CommitStep.Prepared, state => $"UPDATE {state} SET epoch = epoch + 1", "RunOvertaken");

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public Task A_run_that_another_load_came_before_since_it_inspected_the_table_commits_nothing(Way way)
        => MustStopAsync(way, CommitStep.Prepared, state => $"UPDATE {state} SET sequence = sequence + 1", "RunOvertaken");

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_staging_table_with_fewer_rows_than_were_staged_does_not_land(Way way)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(way, LoadKind.Append);
        var database = (RedshiftDatabase)scenario.Database;

        var run = await scenario.Store.RunAsync(new AtStep(CommitStep.Copied, 1, () =>
        {
            var staged = Assert.Single(Wait(database.StagingTablesAsync()));
            Wait(database.ExecuteAsync($"DELETE FROM {staged} WHERE peaks3feed_row = 0"));
        }));

        Assert.Equal(("RowCountDiffers", 0), (run.FeedError?.Id, run.Run.Commits));
        Assert.Equal(0, (await scenario.MustAgreeAsync()).Sequence);
    }

    [SkippableFact]
    public async Task A_commit_that_is_sent_again_because_the_service_forgot_it_lands_once()
    {
        await using var scenario = await Scenario.OnRedshiftAsync(Way.DataApi, LoadKind.Append);
        var database = (RedshiftDatabase)scenario.Database;
        database.Server.Tokens = TokenMode.Forget;

        var run = await scenario.Store.RunAsync(new AtStep(CommitStep.Committing, 1, () => database.Server.Controls.Add(
            new ControlRule("lost", "RedshiftData.BatchExecuteStatement", ControlAction.DropAfter))));

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
    }

    [SkippableFact]
    public async Task Another_attempt_is_not_answered_with_the_failure_of_the_one_before()
    {
        await using var scenario = await Scenario.OnRedshiftAsync(Way.DataApi, LoadKind.Append);
        var database = (RedshiftDatabase)scenario.Database;
        database.Server.Tokens = TokenMode.ReplayFailure;
        database.Server.Controls.Add(new ControlRule(
            "conflict", "INSERT INTO .*peaks3feed_load", ControlAction.Fail,
            Message: "1023  Detail: Serializable isolation violation on table - 100, transactions forming the cycle are: 1, 2"));

        var run = await scenario.Store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
    }

    private static async Task MustStopAsync(Way way, CommitStep step, Func<string, string> change, string error)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(way, LoadKind.Append);
        var database = (RedshiftDatabase)scenario.Database;

        var run = await scenario.Store.RunAsync(new AtStep(step, 1, () => Wait(database.ExecuteAsync(change(Wait(database.LockTableAsync()))))));

        Assert.Equal((error, 0), (run.FeedError?.Id, run.Run.Commits));
        Assert.Empty(await database.QueryAsync($"SELECT 1 FROM {TestStore.FeedName}"));
    }

    // An observer of steps is called on the thread that takes them.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
