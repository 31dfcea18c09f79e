using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The checks of a commit into a warehouse, each by a change that it alone notices. tests/mutations takes them away one by one.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class WarehouseCheckTests
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
        await using var scenario = await Scenario.OnWarehouseAsync(way, LoadKind.Append);
        var database = (WarehouseDatabase)scenario.Database;

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
        await using var scenario = await Scenario.OnWarehouseAsync(way, LoadKind.Append, files: 2);
        var database = (WarehouseDatabase)scenario.Database;
        // The first claim takes the lock, too.
        database.Controls.Add(new ControlRule("stall", database.LockPattern, ControlAction.Stall, Skip: database.ClaimsWithLock ? 1 : 0));
        var running = scenario.RunAsync();
        await database.Controls.ReachedAsync("stall", CancellationToken.None).WaitAsync(TestLimits.Hang);
        var records = Assert.Single(await database.StagingTablesAsync(), t => t.EndsWith("_commit", StringComparison.Ordinal));

        // What an earlier attempt would do: its rows do not matter here.
        await database.ExecuteAsync($"""
            INSERT INTO peaks3feed_load SELECT s.feed_id, s.table_name, r.generation, r.load_id, r.run_id, r.mode, r.row_count, r.object_count, r.byte_count,
                r.committed_at, r.audited, 0 FROM {records} r, {records} s WHERE r.kind = 'load' AND s.kind = 'state'
            """);
        await database.ExecuteAsync($"UPDATE {await database.LockTableAsync()} SET sequence = 1");
        database.Controls.Release("stall");
        var run = await running;

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(1, run.Run.Commits);
        Assert.Empty(await database.QueryAsync($"SELECT 1 FROM {TestStore.FeedName}"));
    }

    [SkippableTheory]
    [InlineData(Way.DataApi)]
    [InlineData(Way.SqlApi)]
    public async Task A_commit_that_is_sent_again_because_the_service_forgot_it_lands_once(Way way)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, LoadKind.Append);
        var database = (WarehouseDatabase)scenario.Database;
        database.Tokens = TokenMode.Forget;

        var run = await scenario.Store.RunAsync(new AtStep(CommitStep.Committing, 1, () => database.Controls.Add(
            new ControlRule("lost", database.CommitCall, ControlAction.DropAfter))));

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
    }

    [SkippableTheory]
    [InlineData(Way.DataApi)]
    [InlineData(Way.SqlApi)]
    public async Task Another_attempt_is_not_answered_with_the_failure_of_the_one_before(Way way)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, LoadKind.Append);
        var database = (WarehouseDatabase)scenario.Database;
        database.Tokens = TokenMode.ReplayFailure;
        database.Controls.Add(database.Conflict("^INSERT INTO .*peaks3feed_load"));

        var run = await scenario.Store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
    }

    private static async Task MustStopAsync(Way way, CommitStep step, Func<string, string> change, string error)
    {
        await using var scenario = await Scenario.OnWarehouseAsync(way, LoadKind.Append);
        var database = (WarehouseDatabase)scenario.Database;

        var run = await scenario.Store.RunAsync(new AtStep(step, 1, () => Wait(database.ExecuteAsync(change(Wait(database.LockTableAsync()))))));

        Assert.Equal((error, 0), (run.FeedError?.Id, run.Run.Commits));
        Assert.Empty(await database.QueryAsync($"SELECT 1 FROM {TestStore.FeedName}"));
    }

    // An observer of steps is called on the thread that takes them.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
