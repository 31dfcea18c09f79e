using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Feeds;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Faults of a stage of one of two destinations: some are that destination's alone, and some begin the load again for both.</summary>
public sealed class PairFaultTests
{
    [Theory]
    [InlineData(PairedFeed.WarehouseName)]
    [InlineData(PairedFeed.LakeName)]
    public async Task A_text_that_equals_the_NULL_token_has_the_load_staged_again_for_both(string name)
    {
        using var feed = await PairedFeed.BeginAsync(f => f with { CommitEveryObjects = 0 });
        var opened = 0;
        feed.Tamper = (n, stage) => n == name && ++opened == 1 ? new TokenFound(stage) : stage;

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        Assert.Equal(["1", "2", "3"], feed.InWarehouse);
        Assert.Equal(["1", "2", "3"], feed.InLake);
        Assert.Equal((2, 2), (feed.Warehouse.Stagings, feed.Lake.Stagings));
        Assert.Equal((3L, 3L), (result.Run.RowsRead, result.Run.RowsLoaded));
    }

    [Fact]
    public async Task Alone_too_the_load_is_staged_again()
    {
        using var feed = await PairedFeed.BeginAsync(f => f with { CommitEveryObjects = 0 });
        var opened = 0;
        feed.Tamper = (_, stage) => ++opened == 1 ? new TokenFound(stage) : stage;

        var result = await feed.RunAsync(PairedFeed.WarehouseName);

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        Assert.Equal(["1", "2", "3"], feed.InWarehouse);
        Assert.Equal(2, feed.Warehouse.Stagings);
    }

    [Theory]
    [InlineData(PairedFeed.WarehouseName, true)]
    [InlineData(PairedFeed.WarehouseName, false)]
    [InlineData(PairedFeed.LakeName, true)]
    [InlineData(PairedFeed.LakeName, false)]
    public async Task A_stage_that_cannot_remove_rows_is_that_destinations_failure_alone(string name, bool isMidway)
    {
        using var feed = await PairedFeed.BeginAsync(
            f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(1), CommitEveryObjects = 0 }, maxText: 3);
        feed.Loading.Write("b.csv", "id,name\n3,Christopher\n4,Di\n");
        feed.Tamper = (n, stage) => n == name ? new Unremovable(stage, isMidway) : stage;

        var result = await feed.RunAsync();

        Assert.Equal((RunStatus.Failed, 1L), (result.Run.Status, result.Run.RowsRejected));
        var failed = Assert.Single(result.Run.Destinations, d => d.Name == name);
        Assert.Equal((RunStatus.Failed, "The rewritten file cannot be completed."), (failed.Status, failed.Error));
        string[] loaded = ["1", "2", "4"];
        Assert.Equal(name == PairedFeed.WarehouseName ? [] : loaded, feed.InWarehouse);
        Assert.Equal(name == PairedFeed.LakeName ? [] : loaded, feed.InLake);

        feed.Tamper = (_, stage) => stage;
        result = await feed.RunAsync();

        // The lake alone has no limit, so that it loads the row when it catches up.
        Assert.True(result.Run.Status is RunStatus.Succeeded or RunStatus.SucceededWithRejects, result.Error?.ToString());
        Assert.Equal(loaded, feed.InWarehouse);
        Assert.Equal(name == PairedFeed.LakeName ? ["1", "2", "3", "4"] : loaded, feed.InLake);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Alone_rows_that_could_not_be_removed_are_rejects_once(bool isMidway)
    {
        using var feed = await PairedFeed.BeginAsync(
            f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(1), CommitEveryObjects = 0 }, maxText: 3);
        feed.Loading.Write("b.csv", "id,name\n3,Christopher\n4,Di\n");
        var opened = 0;
        feed.Tamper = (_, stage) => ++opened == 1 ? new Unremovable(stage, isMidway) : stage;

        var result = await feed.RunAsync(PairedFeed.WarehouseName);

        Assert.True(result.Run.Status == RunStatus.SucceededWithRejects, result.Error?.ToString());
        Assert.Equal(["1", "2", "4"], feed.InWarehouse);
        Assert.Equal((1L, 3L, 4L), (result.Run.RowsRejected, result.Run.RowsLoaded, result.Run.RowsRead));
        Assert.Single(await feed.Loading.Store.History.ListRejectsAsync(result.Run.Id).ToListAsync());
    }

    [Fact]
    public async Task A_database_that_refuses_rows_which_the_lake_cannot_remove_is_loaded_without_them()
    {
        using var feed = await PairedFeed.BeginAsync(
            PairedWarehouse.Rows, f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(1), CommitEveryObjects = 0 });
        feed.Database.Refuses = name => name == "Bo";
        feed.Tamper = (_, stage) => new Unremovable(stage, isMidway: true);

        var result = await feed.RunAsync();

        Assert.Equal((RunStatus.Failed, 1L), (result.Run.Status, result.Run.RowsRejected));
        Assert.Equal([RunStatus.Succeeded, RunStatus.Failed], result.Run.Destinations.Select(d => d.Status));
        Assert.Equal(["1", "3"], feed.InWarehouse);
        Assert.Empty(feed.InLake);
    }

    /// <summary>Takes the beginning of the rows, and then finds a text that equals its token.</summary>
    private sealed class TokenFound(IStage inner) : IStage
    {
        public IRowSink OpenLane() => new Lane(inner.OpenLane());

        public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => inner.FinishAsync(cancellationToken);

        public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken) => inner.RemoveAsync(rows, cancellationToken);

        public Task CloseAsync(StageEnd end) => inner.CloseAsync(end);

        private sealed class Lane(IRowSink inner) : IRowSink
        {
            public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
                => inner.BeginObjectAsync(source, ordinal, undoable, cancellationToken);

            public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
            {
                await inner.WriteAsync(batch, cancellationToken);
                throw new NullTokenInDataException();
            }

            public Task EndObjectAsync(CancellationToken cancellationToken) => inner.EndObjectAsync(cancellationToken);

            public Task UndoObjectAsync(CancellationToken cancellationToken) => inner.UndoObjectAsync(cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }

    /// <summary>Fails when it is to remove rows: before it has begun, or midway, when some files are the old ones, and some the new.</summary>
    private sealed class Unremovable(IStage inner, bool isMidway) : IStage
    {
        public IRowSink OpenLane() => inner.OpenLane();

        public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => inner.FinishAsync(cancellationToken);

        public async Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
        {
            if (isMidway)
                await inner.RemoveAsync(rows, cancellationToken);
            throw new IOException("The rewritten file cannot be completed.");
        }

        public Task CloseAsync(StageEnd end) => inner.CloseAsync(end);
    }
}
