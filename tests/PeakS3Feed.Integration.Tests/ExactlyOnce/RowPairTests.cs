using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.TestKinds;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.PostgreSql;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A database that takes rows in a transaction, beside a table of files: zombies, races, lost answers, refused rows, full disks.</summary>
[Trait(Category.Name, Category.Kill)]
public sealed class RowPairTests
{
    private static readonly string[] Refusals = ["FeedAlreadyRunning", "RunOvertaken", "DestinationBusy"];

    [Theory]
    [InlineData(LoadKind.Append, CommitStep.Staged, 2, "")]
    [InlineData(LoadKind.Replacing, CommitStep.Committed, 1, PairScenario.WarehouseName)]
    [InlineData(LoadKind.TruncateInsert, CommitStep.Claimed, 2, "")]
    public async Task On_SQLite_a_run_that_stands_still_finds_itself_overtaken(LoadKind kind, CommitStep step, int occurrence, string committed)
    {
        await using var scenario = await PairScenario.CreateAsync(Beside.Sqlite, kind);
        using var zombie = HostProcess.StartStoppedAt(scenario.Store, step, occurrence);
        await zombie.StoppedAsync();

        await MustBeOvertakenAsync(scenario, zombie, committed);
    }

    [SkippableTheory]
    [Trait(Category.Name, Category.Server)]
    [InlineData(LoadKind.Append, CommitStep.Writing, 2)]
    [InlineData(LoadKind.TruncateInsert, CommitStep.Committing, 1)]
    public async Task On_PostgreSQL_a_run_that_stands_still_finds_itself_overtaken(LoadKind kind, CommitStep step, int occurrence)
    {
        await using var scenario = await PairScenario.CreateAsync(Beside.PostgreSql, kind);
        using var zombie = HostProcess.StartStoppedAt(scenario.Store, step, occurrence);
        await zombie.StoppedAsync();
        await ((PostgreSqlDatabase)scenario.Warehouse).EndSessionsAsync();

        await MustBeOvertakenAsync(scenario, zombie, kind == LoadKind.Append ? "both" : "");
    }

    [SkippableTheory]
    [InlineData(Beside.Sqlite, LoadKind.Replacing)]
    [InlineData(Beside.PostgreSql, LoadKind.Append)]
    [Trait(Category.Name, Category.Server)]
    public async Task Two_machines_that_start_at_once_load_every_row_once(Beside beside, LoadKind kind)
    {
        await using var scenario = await PairScenario.CreateAsync(beside, kind);
        var second = await scenario.SecondStoreAsync();
        for (var round = 0; round < 3; round++)
        {
            scenario.ChangeFiles();
            var ends = await Task.WhenAll(Task.Run(() => scenario.Store.RunAsync()), Task.Run(() => second.RunAsync()));

            foreach (var failed in ends.SelectMany(e => e.Run.Destinations).Where(d => d.Status == RunStatus.Failed))
                Assert.Contains(failed.ErrorId, Refusals);
            await scenario.MustAgreeAsync();
        }
        await scenario.FinishAsync(second);
    }

    [SkippableTheory]
    [Trait(Category.Name, Category.Server)]
    [InlineData(LoadKind.Append, Fate.AnswerLost)]
    [InlineData(LoadKind.Append, Fate.NeverSent)]
    [InlineData(LoadKind.TruncateInsert, Fate.AnswerLost)]
    public async Task A_lost_answer_is_looked_up_and_no_object_is_read_again(LoadKind kind, Fate fate)
    {
        await using var scenario = await PairScenario.CreateAsync(Beside.PostgreSql, kind);
        await using var proxy = scenario.Warehouse.Proxy();
        var store = await scenario.SecondStoreAsync(proxy.Through(scenario.Warehouse));

        var run = await store.RunAsync(new AtStep(CommitStep.Committing, 1, () => proxy.Arm(fate)));

        Assert.Equal(1, proxy.Dropped);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(6L * 40, run.Run.RowsRead);
        await scenario.FinishAsync(store);
    }

    [SkippableFact]
    [Trait(Category.Name, Category.Server)]
    public async Task An_outcome_that_stays_unknown_is_the_databases_alone_and_the_next_run_knows_it()
    {
        await using var scenario = await PairScenario.CreateAsync(Beside.PostgreSql, LoadKind.TruncateInsert);
        await using var proxy = scenario.Warehouse.Proxy();
        var store = await scenario.SecondStoreAsync(proxy.Through(scenario.Warehouse));
        var soon = new CommitRetry { FirstDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(50), MaxAttempts = 3 };

        var run = await store.RunAsync(new AtStep(CommitStep.Committing, 1, () => proxy.Arm(Fate.AnswerLost, refusals: int.MaxValue)), soon);

        Assert.Equal(
            [(RunStatus.Failed, "CommitOutcomeUnknown"), (RunStatus.Succeeded, null)], run.Run.Destinations.Select(d => (d.Status, d.ErrorId)));
        await scenario.MustAgreeAsync();
        Assert.Equal(RunStatus.NothingToDo, (await scenario.Store.RunAsync()).Run.Status); // by another way
    }

    [SkippableFact]
    [Trait(Category.Name, Category.Server)]
    public async Task A_database_that_cannot_be_reached_catches_up_without_the_files_moving()
    {
        await using var scenario = await PairScenario.CreateAsync(Beside.PostgreSql, LoadKind.Append);
        var definition = (PostgreSqlDestination)scenario.Warehouse.Definition;
        await SetAsync(definition with { Port = 1 });

        var run = await scenario.Store.RunAsync();

        Assert.Equal("warehouse Failed 0/0 0 DestinationUnreachable; lake Succeeded 6/6 240", await scenario.StandingAsync(run));
        Assert.Contains("lake is not affected; the next run catches up with warehouse", run.Run.Error, StringComparison.Ordinal);

        await SetAsync(definition);
        var before = await Snapshot.ReadAsync(scenario.Lake);
        run = await scenario.Store.RunAsync();

        Assert.Equal("warehouse Succeeded 6/6 240; lake NothingToDo 0/0 0", await scenario.StandingAsync(run));
        Assert.Equal(before.Sequence, (await Snapshot.ReadAsync(scenario.Lake)).Sequence);
        await scenario.FinishAsync();

        Task SetAsync(PostgreSqlDestination server) => scenario.Store.Definitions().UpdateAsync(d => d.With(server));
    }

    [SkippableFact]
    [Trait(Category.Name, Category.Server)]
    public async Task A_row_that_PostgreSQL_refuses_is_a_reject_for_both()
    {
        await using var scenario = await PairScenario.CreateAsync(Beside.PostgreSql, LoadKind.Append, files: 0);
        await CreateIndexedTableAsync(scenario, FailedRowThreshold.FromCount(3));
        Write(scenario, "a.csv", 12_000, [777, 778]);
        Write(scenario, "b.csv", 12_000, [12_000]);

        var run = await scenario.Store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.SucceededWithRejects, run.Error?.ToString());
        Assert.Equal((24_000, 23_997, 3), (run.Run.RowsRead, run.Run.RowsLoaded, run.Run.RowsRejected));
        var rejects = await scenario.Store.History.ListRejectsAsync(run.Run.Id).ToListAsync();
        Assert.Equal(["a.csv:778", "a.csv:779", "b.csv:12001"], rejects.Select(r => $"{Path.GetFileName(r.Position.ObjectUri)}:{r.Position.Line}"));
        Assert.All(rejects, r => Assert.Contains("index row size", r.Reason, StringComparison.Ordinal));
        var inWarehouse = (await scenario.Warehouse.QueryAsync("SELECT id FROM orders ORDER BY id")).Select(r => (long)r[0]!).ToList();
        Assert.Equal(Enumerable.Range(1, 24_000).Except([777, 778, 24_000]).Select(i => (long)i), inWarehouse);
        Assert.Equal(inWarehouse, FolderTable.Rows(((FolderDefinition)scenario.Lake.Definition).Root, "orders").Select(r => r["id"].GetInt64()).Order());
    }

    [SkippableFact]
    [Trait(Category.Name, Category.Server)]
    public async Task Rows_that_PostgreSQL_refuses_beyond_the_threshold_stop_both()
    {
        await using var scenario = await PairScenario.CreateAsync(Beside.PostgreSql, LoadKind.Append, files: 0);
        await CreateIndexedTableAsync(scenario, FailedRowThreshold.FromCount(0));
        Write(scenario, "a.csv", 100, [5]);

        var run = await scenario.Store.RunAsync();

        Assert.Equal(("FailedRowThresholdExceeded", 0), (run.FeedError?.Id, run.Run.Commits));
        Assert.Equal(6, run.FeedError!.Position!.Line);
        Assert.Equal(0L, (await scenario.Warehouse.QueryAsync("SELECT count(*) FROM orders"))[0][0]);
        Assert.Empty(FolderTable.Rows(((FolderDefinition)scenario.Lake.Definition).Root, "orders"));
    }

    [SkippableFact]
    public async Task A_full_disk_of_temporary_files_fails_the_database_alone_and_is_named()
    {
        await using var scenario = await PairScenario.CreateAsync(Beside.Sqlite, LoadKind.Append, files: 3, rows: 12_000, perCommit: 0);
        using var disk = SmallDisk.Mount(scenario.Temporary, megabytes: 1);

        using var host = HostProcess.StartWithTemporary(scenario.Store, disk.Path);
        var exit = await host.WaitAsync();

        Assert.Equal((1, "ScratchFull"), (exit.Code, exit.ErrorId));
        Assert.Contains(disk.Path, exit.Output, StringComparison.Ordinal);
        Assert.Contains("lake is not affected", exit.Output, StringComparison.Ordinal);
        await scenario.MustAgreeAsync();
        await scenario.FinishAsync();
    }

    private static async Task MustBeOvertakenAsync(PairScenario scenario, HostProcess zombie, string committed)
    {
        var newer = await scenario.SecondStoreAsync();
        Assert.Equal(RunStatus.Succeeded, (await newer.RunAsync()).Run.Status);
        await scenario.MustAgreeAsync();

        zombie.Continue();
        var end = await zombie.WaitAsync();

        Assert.True((end.Code, end.ErrorId) == (1, "RunOvertaken"), end.ToString());
        var run = Assert.Single(await scenario.Store.RunsAsync());
        Assert.All(run.Destinations, d => Assert.Equal((RunStatus.Failed, "RunOvertaken"), (d.Status, d.ErrorId)));
        Assert.Equal(
            committed is "both" ? [PairScenario.WarehouseName, PairScenario.LakeName] : committed.Length == 0 ? [] : [committed],
            run.Destinations.Where(d => d.Commits > 0).Select(d => d.Name));
        await scenario.MustBeCompleteAsync(newer);
        await scenario.FinishAsync(newer);
    }

    // An index that the feed does not know of: it refuses texts that are too long for it.
    private static async Task CreateIndexedTableAsync(PairScenario scenario, FailedRowThreshold threshold)
    {
        await scenario.Warehouse.ExecuteAsync(
            "CREATE TABLE orders (id bigint, code text, peakauditcreatedat timestamptz, peakauditfilename text, peakauditrequestid text); "
            + "CREATE INDEX ON orders (code)");
        await scenario.Store.ChangeFeedAsync(f => f with { FailedRowThreshold = threshold, CommitEveryObjects = 0 });
    }

    // The ids of the second file go on after those of the first.
    private static void Write(PairScenario scenario, string name, int rows, int[] tooLong)
    {
        var first = name == "a.csv" ? 0 : rows;
        var random = new Random(1);
        var lines = Enumerable.Range(1, rows).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{first + i},{(tooLong.Contains(i) ? Incompressible(random, 4_000) : $"c{i}")}\n"));
        File.WriteAllText(Path.Combine(scenario.Data.Path, name), "id,code\n" + string.Concat(lines));
    }

    private static string Incompressible(Random random, int length)
        => new([.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26)))]);
}
