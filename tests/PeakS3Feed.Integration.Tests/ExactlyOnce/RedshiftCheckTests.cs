using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.TestServers.Control;
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

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_load_that_lands_late_is_known_by_its_id_and_not_loaded_again(Way way)
    {
        await using var scenario = await Scenario.OnRedshiftAsync(way, LoadKind.Append, files: 2);
        var database = (RedshiftDatabase)scenario.Database;
        // The first claim takes the lock, too.
        database.Server.Controls.Add(new ControlRule("stall", $"^LOCK .*{database.Schema}", ControlAction.Stall, Skip: 1));
        var running = scenario.RunAsync();
        await database.Server.Controls.ReachedAsync("stall", CancellationToken.None).WaitAsync(TestLimits.Hang);
        var records = Assert.Single(await database.StagingTablesAsync(), t => t.EndsWith("_commit", StringComparison.Ordinal));

        // What an earlier attempt would do: its rows do not matter here.
        await database.ExecuteAsync($"""
            INSERT INTO peaks3feed_load SELECT s.feed_id, s.table_name, r.generation, r.load_id, r.run_id, r.mode, r.row_count, r.object_count, r.byte_count,
                r.committed_at, r.audited, 0 FROM {records} r, {records} s WHERE r.kind = 'load' AND s.kind = 'state'
            """);
        await database.ExecuteAsync($"UPDATE {await database.LockTableAsync()} SET sequence = 1");
        database.Server.Controls.Release("stall");
        var run = await running;

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(1, run.Run.Commits);
        Assert.Empty(await database.QueryAsync($"SELECT 1 FROM {TestStore.FeedName}"));
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
