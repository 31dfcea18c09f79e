using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Objects are staged side by side, and the table is the same as if they had been staged one after the other.</summary>
public sealed class StageLaneTests
{
    [Theory]
    [InlineData(CommitKind.Script)]
    [InlineData(CommitKind.ConditionalPut)]
    public async Task Two_lanes_write_at_the_same_time(CommitKind kind)
    {
        using var feed = await StagedFeed.BeginAsync(kind, f => f with { CommitEveryObjects = 0 });
        using var both = new Barrier(2);
        feed.Tamper = stage => new Watched(stage, () => Assert.True(both.SignalAndWait(TestLimits.Hang)));

        var run = await feed.RunAsync(parallelism: 2);

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task The_last_row_of_a_key_in_loading_order_wins_whatever_the_number_of_lanes(int lanes)
    {
        using var feed = await StagedFeed.BeginAsync(
            CommitKind.Script, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"], CommitEveryObjects = 0 });
        for (var file = 0; file < 40; file++)
            feed.Loading.Write($"f{(file * 7) % 40:00}.csv", "id,name\n" + string.Concat(Enumerable.Range(10, 50).Select(id => $"{id},{file}\n")));

        var run = await feed.RunAsync(parallelism: lanes);

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(["39"], feed.Loading.Query("SELECT DISTINCT name FROM orders WHERE id >= 10"));
        Assert.Equal("53", feed.Loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_lane_that_fails_ends_the_run_and_leaves_nothing()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script, f => f with { CommitEveryObjects = 0 });
        feed.Tamper = stage => new Watched(stage, () => throw new InvalidDataException("No more room."));

        var run = await feed.RunAsync(parallelism: 4);

        Assert.Equal((RunStatus.Failed, "No more room."), (run.Run.Status, run.Error?.Message));
        Assert.Empty(feed.LeftOver);
    }

    [Fact]
    public async Task What_fails_while_lanes_close_does_not_hide_why_the_run_failed()
    {
        const int Lanes = 4;
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script, f => f with { CommitEveryObjects = 0 });
        var closed = 0;
        feed.Tamper = stage => new Watched(stage, () => throw new InvalidDataException("No more room."), () =>
        {
            Interlocked.Increment(ref closed);
            throw new InvalidDataException("Not closed.");
        });

        var run = await feed.RunAsync(parallelism: Lanes);

        Assert.Equal((RunStatus.Failed, "No more room."), (run.Run.Status, run.Error?.Message));
        Assert.Equal(Lanes, closed);
    }

    [Fact]
    public async Task A_lane_that_cannot_close_fails_the_run_and_all_others_are_closed()
    {
        const int Lanes = 4;
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script, f => f with { CommitEveryObjects = 0 });
        var closed = 0;
        feed.Tamper = stage => new Watched(stage, () => { }, () =>
        {
            if (Interlocked.Increment(ref closed) == 2)
                throw new InvalidDataException("Not closed.");
        });

        var run = await feed.RunAsync(parallelism: Lanes);

        Assert.Equal((RunStatus.Failed, "Not closed."), (run.Run.Status, run.Error?.Message));
        Assert.Equal(Lanes, closed);
        Assert.Empty(feed.LeftOver);
    }

    /// <summary>Calls back before each batch is written, and before a lane is closed, on the lane's thread.</summary>
    private sealed class Watched(IStage inner, Action writing, Action? closing = null) : IStage
    {
        public IRowSink OpenLane() => new Sink(inner.OpenLane(), writing, closing);

        public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => inner.FinishAsync(cancellationToken);

        public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken) => inner.RemoveAsync(rows, cancellationToken);

        public Task CloseAsync(StageEnd end) => inner.CloseAsync(end);

        private sealed class Sink(IRowSink inner, Action writing, Action? closing) : IRowSink
        {
            public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
                => inner.BeginObjectAsync(source, ordinal, undoable, cancellationToken);

            public Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
            {
                writing();
                return inner.WriteAsync(batch, cancellationToken);
            }

            public Task EndObjectAsync(CancellationToken cancellationToken) => inner.EndObjectAsync(cancellationToken);

            public Task UndoObjectAsync(CancellationToken cancellationToken) => inner.UndoObjectAsync(cancellationToken);

            public async ValueTask DisposeAsync()
            {
                await inner.DisposeAsync();
                closing?.Invoke();
            }
        }
    }
}
