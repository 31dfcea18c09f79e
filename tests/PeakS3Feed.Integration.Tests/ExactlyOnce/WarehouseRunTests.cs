using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Runs;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Runs into warehouses that wait, are cancelled or conflict with others, and what runs leave behind.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class WarehouseRunTests : WarehouseFeed
{
    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task While_one_feed_waits_for_its_COPY_another_one_commits(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        var other = await store.FeedAsync();
        await store.AddAsync(other with { Id = Guid.NewGuid(), Name = "returns" });
        Write("a.csv", "id\n1\n2\n");
        database.Controls.Add(new ControlRule("stall", "^COPY .*_rows", ControlAction.Stall));
        var waiting = store.RunAsync();
        await database.Controls.ReachedAsync("stall", CancellationToken.None).WaitAsync(TestLimits.Hang);

        var run = await store.RunAsync(feed: "returns");
        var before = waiting.IsCompleted;
        database.Controls.Release("stall");

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.False(before);
        Assert.Equal(RunStatus.Succeeded, (await waiting).Run.Status);
        Assert.Equal(["2|2"], await RowsAsync(database, "SELECT (SELECT COUNT(*) FROM orders), (SELECT COUNT(*) FROM returns)"));
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task Cancelling_a_run_during_its_COPY_cancels_the_statement(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n2\n");
        database.Controls.Add(new ControlRule("stall", "^COPY .*_rows", ControlAction.Stall));
        using var stop = new CancellationTokenSource();
        var run = store.RunAsync(cancellationToken: stop.Token);
        await database.Controls.ReachedAsync("stall", CancellationToken.None).WaitAsync(TestLimits.Hang);

        await stop.CancelAsync();
        var ended = await run.WaitAsync(TestLimits.Hang);

        Assert.True(ended.Run.Status == RunStatus.Canceled, ended.Error?.ToString());
        Assert.Equal(0, ended.Run.Commits);
        Assert.Empty(await database.StagedAsync());
        Assert.Empty(await database.StagingTablesAsync());
        Assert.Empty(await database.FindTablesAsync("orders"));
        await SucceedAsync(store);
        Assert.Equal(["1", "2"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task Cancelling_a_run_whose_commit_waits_for_a_lock_ends_the_wait(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n2\n");
        // The first claim takes the lock, too.
        database.Controls.Add(new ControlRule("stall", database.LockPattern, ControlAction.Stall, Skip: database.ClaimsWithLock ? 1 : 0));
        using var stop = new CancellationTokenSource();
        var run = store.RunAsync(cancellationToken: stop.Token);
        await database.Controls.ReachedAsync("stall", CancellationToken.None).WaitAsync(TestLimits.Hang);

        await stop.CancelAsync();
        var ended = await run.WaitAsync(TestLimits.Hang);

        Assert.True(ended.Run.Status == RunStatus.Canceled, ended.Error?.ToString());
        Assert.Equal(0, ended.Run.Commits);
        Assert.Empty(await RowsAsync(database, "SELECT id FROM orders"));
        await SucceedAsync(store);
        Assert.Equal(["1", "2"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_conflict_of_transactions_is_tried_again_and_reads_no_object_again(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n2\n");
        database.Controls.Add(database.Conflict("^INSERT INTO .*peaks3feed_load", times: 2));

        var staged = new AtStep(CommitStep.Staged, 2, () => { });
        var run = await store.RunAsync(staged);

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.False(staged.Happened);
        Assert.Equal(["1", "2"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_conflict_that_does_not_end_is_no_unknown_outcome(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n");
        database.Controls.Add(database.Conflict("^INSERT INTO .*peaks3feed_load", times: 100));

        var run = await store.RunAsync(retry: TestStore.Impatient with { MaxAttempts = 3 });

        Assert.Equal("DestinationRefused", run.FeedError?.Id);
        Assert.Matches("Another transaction changed the same tables|hold a lock on the same table", run.FeedError!.Hint);
        Assert.Empty(await database.StagingTablesAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_commit_that_the_warehouse_refuses_leaves_no_staging_tables(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n2\n");
        database.Controls.Add(database.Denial("^INSERT INTO .*peaks3feed_load"));

        var run = await store.RunAsync();

        Assert.Equal("DestinationRefused", run.FeedError?.Id);
        Assert.Empty(await database.StagingTablesAsync());
        Assert.Empty(await database.StagedAsync());
        await SucceedAsync(store);
        Assert.Equal(["1", "2"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task What_dead_runs_left_is_deleted_after_seven_days_and_not_before(Way way)
    {
        await using var database = await WarehouseDatabase.CreateAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n");
        await SucceedAsync(store);
        var feed = await store.FeedAsync();
        var names = new WarehouseNames(new LoadTarget(feed.Id, feed.Name, feed.TableName), database.LedgerName(feed.TableName));
        var now = DateTimeOffset.UtcNow;
        string Name(int days) => names.StageTable(new LoadName(Guid.NewGuid(), 1), 1, "rows", now.AddDays(-days));
        string[] old = [Name(9), Name(400)];
        string[] young = [Name(0), Name(6), Name(7)];
        var foreign = $"{WarehouseNames.StagePrefix}0123456789abcdef_200101_{Guid.NewGuid().ToString("N")[..8]}_1_1_rows";
        foreach (var name in (string[])[.. old, .. young, foreign])
            await database.ExecuteAsync($"CREATE TABLE {name} (id BIGINT)");
        Write("b.csv", "id\n2\n");

        await SucceedAsync(store);

        Assert.Equal(young.Append(foreign).Order(StringComparer.Ordinal), (await database.StagingTablesAsync()).Order(StringComparer.Ordinal));
    }
}
