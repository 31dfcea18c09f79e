using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Two destinations of one feed: one listing and one reading, and commits that do not depend on each other.</summary>
public sealed class PairTests
{
    [Fact]
    public async Task One_listing_and_one_reading_load_both()
    {
        using var feed = await PairedFeed.BeginAsync();

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        Assert.Equal(["1", "2", "3"], feed.InWarehouse);
        Assert.Equal(["1", "2", "3"], feed.InLake);
        Assert.Equal(1, feed.Listings);
        Assert.Equal(["a.csv", "b.csv"], feed.Opened);
        Assert.Equal((2L, 2L, 3L, 3L, 4), (result.Run.ObjectsPlanned, result.Run.ObjectsLoaded, result.Run.RowsRead, result.Run.RowsLoaded, result.Run.Commits));
        Assert.Equal(["warehouse: Succeeded 2/2 3 2", "lake: Succeeded 2/2 3 2"], Standings(result.Run));
        Assert.Equal(Standings(result.Run), Standings((await feed.Loading.Store.History.FindAsync(result.Run.Id))!));

        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task One_that_fails_leaves_the_other_alone_and_catches_up_in_the_next_run()
    {
        using var feed = await PairedFeed.BeginAsync();
        var put = feed.Lake.Put;
        feed.Lake.Put = _ => throw new InvalidOperationException("The bucket is read-only.");

        var result = await feed.RunAsync();

        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.Equal(["1", "2", "3"], feed.InWarehouse);
        Assert.Empty(feed.InLake);
        Assert.Equal(["warehouse: Succeeded 2/2 3 2", "lake: Failed 0/2 0 0"], Standings(result.Run));
        Assert.Contains("lake", result.Run.Error, StringComparison.Ordinal);
        Assert.Contains("catches up", result.Run.Error, StringComparison.Ordinal);

        feed.Lake.Put = put;
        feed.Loading.Write("c.csv", "id,name\n4,Di\n");
        result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        Assert.Equal(["1", "2", "3", "4"], feed.InWarehouse);
        Assert.Equal(["1", "2", "3", "4"], feed.InLake);
        Assert.Equal(["a.csv", "b.csv", "c.csv"], feed.Opened);
        Assert.Equal(["warehouse: Succeeded 1/1 1 1", "lake: Succeeded 3/3 4 3"], Standings(result.Run));
        Assert.Equal((3L, 4L), (result.Run.ObjectsLoaded, result.Run.RowsLoaded));
    }

    [Theory]
    [InlineData(PairedFeed.WarehouseName)]
    [InlineData(PairedFeed.LakeName)]
    public async Task One_that_cannot_be_reached_leaves_the_other_alone(string name)
    {
        using var feed = await PairedFeed.BeginAsync();
        feed.Opening = n =>
        {
            if (n == name)
                throw new IOException("No route to the host.");
        };

        var result = await feed.RunAsync();

        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.Equal(name == PairedFeed.WarehouseName ? 0 : 3, feed.InWarehouse.Count);
        Assert.Equal(name == PairedFeed.LakeName ? 0 : 3, feed.InLake.Count);

        feed.Opening = _ => { };
        Assert.Equal(RunStatus.Succeeded, (await feed.RunAsync()).Run.Status);
        Assert.Equal((3, 3), (feed.InWarehouse.Count, feed.InLake.Count));
    }

    [Theory]
    [InlineData(PairedFeed.WarehouseName, false)]
    [InlineData(PairedFeed.LakeName, false)]
    [InlineData(PairedFeed.WarehouseName, true)]
    [InlineData(PairedFeed.LakeName, true)]
    public async Task One_whose_stage_fails_leaves_the_other_alone(string name, bool finishing)
    {
        using var feed = await PairedFeed.BeginAsync();
        feed.Tamper = (n, stage) => n == name ? new Broken(stage, finishing) : stage;

        var result = await feed.RunAsync();

        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.Equal(name == PairedFeed.WarehouseName ? 0 : 3, feed.InWarehouse.Count);
        Assert.Equal(name == PairedFeed.LakeName ? 0 : 3, feed.InLake.Count);

        feed.Tamper = (_, stage) => stage;
        Assert.Equal(RunStatus.Succeeded, (await feed.RunAsync()).Run.Status);
        Assert.Equal((3, 3), (feed.InWarehouse.Count, feed.InLake.Count));
    }

    [Fact]
    public async Task When_both_stages_fail_the_run_fails_and_nothing_is_loaded()
    {
        using var feed = await PairedFeed.BeginAsync();
        feed.Tamper = (_, stage) => new Broken(stage, finishing: false);

        var result = await feed.RunAsync();

        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.Empty(feed.InWarehouse);
        Assert.Empty(feed.InLake);
        Assert.All(result.Run.Destinations, d => Assert.Equal(RunStatus.Failed, d.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_cannot_read_has_failed_for_each_that_needed_the_rows(bool lakeFailsBefore)
    {
        using var feed = await PairedFeed.BeginAsync();
        var put = feed.Lake.Put;
        if (lakeFailsBefore)
            feed.Lake.Put = _ => throw new InvalidOperationException("The bucket is read-only.");
        feed.Loading.Write("b.csv", "id,name\n3,\"Cy\n");

        var result = await feed.RunAsync();

        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.Equal(["warehouse: Failed 1/2 2 1", lakeFailsBefore ? "lake: Failed 0/2 0 0" : "lake: Failed 1/2 2 1"], Standings(result.Run));
        Assert.Equal(Standings(result.Run), Standings((await feed.Loading.Store.History.FindAsync(result.Run.Id))!));
        feed.Lake.Put = put;
    }

    [Fact]
    public async Task A_run_that_cannot_plan_tries_again_as_often_as_with_one_destination_and_has_failed_for_both()
    {
        using var feed = await PairedFeed.BeginAsync();
        var attempts = 0;
        feed.Listing = () =>
        {
            attempts++;
            throw new IOException("The listing ends in the middle.");
        };

        var result = await feed.RunAsync();

        Assert.Equal(feed.Retry.MaxAttempts, attempts);
        Assert.Equal(["warehouse: Failed 0/0 0 0", "lake: Failed 0/0 0 0"], Standings(result.Run));
    }

    [Fact]
    public async Task A_destination_that_is_up_to_date_stays_so_when_the_run_fails_for_the_other()
    {
        using var feed = await PairedFeed.BeginAsync();
        Assert.Equal(RunStatus.Succeeded, (await feed.RunAsync(PairedFeed.WarehouseName)).Run.Status);
        feed.Tamper = (name, stage) => name == PairedFeed.LakeName ? throw new IOException("The disk is full.") : stage;

        var result = await feed.RunAsync();

        Assert.Equal(["warehouse: NothingToDo 0/0 0 0", "lake: Failed 0/2 0 0"], Standings(result.Run));
    }

    [Fact]
    public async Task A_row_that_one_engine_refuses_is_a_reject_for_both()
    {
        using var feed = await PairedFeed.BeginAsync(f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(1) }, maxText: 3);
        feed.Loading.Write("b.csv", "id,name\n3,Christopher\n4,Di\n");

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.SucceededWithRejects, result.Error?.ToString());
        Assert.Equal(["1", "2", "4"], feed.InWarehouse);
        Assert.Equal(["1", "2", "4"], feed.InLake);
        Assert.Equal((1L, 3L, 4L), (result.Run.RowsRejected, result.Run.RowsLoaded, result.Run.RowsRead));
        Assert.Equal([1L, 1L], result.Run.Destinations.Select(d => d.RowsRejected));
        var reject = Assert.Single(await feed.Loading.Store.History.ListRejectsAsync(result.Run.Id).ToListAsync());
        Assert.EndsWith("b.csv", reject.Position.ObjectUri, StringComparison.Ordinal);
        Assert.Equal(2, reject.Position.Line);
    }

    [Fact]
    public async Task Rejects_beyond_the_threshold_stop_both()
    {
        using var feed = await PairedFeed.BeginAsync(f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(0), CommitEveryObjects = 0 }, maxText: 3);
        feed.Loading.Write("a.csv", "id,name\n1,Alexandra\n2,Bo\n");

        var result = await feed.RunAsync();

        Assert.Equal((RunStatus.Failed, 0), (result.Run.Status, result.Run.Commits));
        Assert.Empty(feed.InWarehouse);
        Assert.Empty(feed.InLake);
    }

    [Fact]
    public async Task A_lost_answer_of_one_is_looked_up_in_its_own_ledger()
    {
        using var feed = await PairedFeed.BeginAsync();
        var number = 0;
        feed.Warehouse.Send = async send =>
        {
            await send();
            if (++number == 1)
                throw new IOException("The connection is gone.");
        };

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        Assert.Equal(["1", "2", "3"], feed.InWarehouse);
        Assert.Equal(["1", "2", "3"], feed.InLake);
        Assert.Equal(["a.csv", "b.csv"], feed.Opened);
    }

    [Fact]
    public async Task A_replace_reads_for_the_one_whose_table_is_not_up_to_date()
    {
        using var feed = await PairedFeed.BeginAsync(f => f with { LoadType = LoadType.TruncateInsert });
        Assert.Equal(RunStatus.Succeeded, (await feed.RunAsync(PairedFeed.WarehouseName)).Run.Status);

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        Assert.Equal(["warehouse: NothingToDo 0/0 0 0", "lake: Succeeded 2/2 3 1"], Standings(result.Run));
        Assert.Equal(["1", "2", "3"], feed.InWarehouse);
        Assert.Equal(["1", "2", "3"], feed.InLake);
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task A_changed_object_replaces_its_rows_in_each_that_has_them()
    {
        using var feed = await PairedFeed.BeginAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        Assert.Equal(RunStatus.Succeeded, (await feed.RunAsync(PairedFeed.WarehouseName)).Run.Status);
        feed.Loading.Write("a.csv", "id,name\n1,Ann\n2,Bo\n5,Ed\n");

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        Assert.Equal(["1", "2", "3", "5"], feed.InWarehouse);
        Assert.Equal(["1", "2", "3", "5"], feed.InLake);
    }

    [Fact]
    public async Task A_table_that_one_may_not_use_is_no_obstacle_for_the_other()
    {
        using var feed = await PairedFeed.BeginAsync();
        feed.Loading.Execute("CREATE TABLE orders (id INTEGER, name TEXT); INSERT INTO orders VALUES (9, 'Zoe')");

        var result = await feed.RunAsync();

        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.Equal(["9"], feed.InWarehouse);
        Assert.Equal(["1", "2", "3"], feed.InLake);
        Assert.Equal("TableHoldsRows", result.Run.Destinations[0].ErrorId);
        Assert.Equal("TableHoldsRows", result.Run.ErrorId);
    }

    private static string[] Standings(S3FeedRun run)
        => [.. run.Destinations.Select(d => $"{d.Name}: {d.Status} {d.ObjectsLoaded}/{d.ObjectsPlanned} {d.RowsLoaded} {d.Commits}")];

    private sealed class Broken(IStage inner, bool finishing) : IStage
    {
        public IRowSink OpenLane() => finishing ? inner.OpenLane() : new Lane(inner.OpenLane());

        public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken)
            => finishing ? throw new IOException("No space left on device.") : inner.FinishAsync(cancellationToken);

        public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken) => inner.RemoveAsync(rows, cancellationToken);

        public Task CloseAsync(StageEnd end) => inner.CloseAsync(end);

        private sealed class Lane(IRowSink inner) : IRowSink
        {
            public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
                => inner.BeginObjectAsync(source, ordinal, undoable, cancellationToken);

            public Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken) => throw new IOException("No space left on device.");

            public Task EndObjectAsync(CancellationToken cancellationToken) => inner.EndObjectAsync(cancellationToken);

            public Task UndoObjectAsync(CancellationToken cancellationToken) => inner.UndoObjectAsync(cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
