using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>What keeps a staged load from landing twice, in part, or over another run's.</summary>
public sealed class StagedCommitTests
{
    public static TheoryData<CommitKind> Kinds => StagedFilesTests.Kinds;

    [Theory]
    [InlineData(CommitKind.Script, true)]
    [InlineData(CommitKind.Script, false)]
    [InlineData(CommitKind.ConditionalPut, true)]
    [InlineData(CommitKind.ConditionalPut, false)]
    public async Task After_a_lost_answer_the_ledger_is_asked_and_no_object_is_read_again(CommitKind kind, bool landed)
    {
        using var feed = await StagedFeed.BeginAsync(kind);
        feed.OnCommit(async (number, commit) =>
        {
            if (landed || number != 1)
                await commit();
            if (number == 1)
                throw new IOException("The connection is gone.");
        });

        var run = await feed.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal((2, 3L, 2), (run.Run.Commits, run.Run.RowsLoaded, feed.Stagings));
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
        Assert.Empty(feed.LeftOver);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_commit_that_lands_after_it_was_asked_about_is_known_by_its_id(CommitKind kind)
    {
        using var feed = await StagedFeed.BeginAsync(kind);
        Func<Task>? late = null;
        feed.OnCommit(async (number, commit) =>
        {
            if (number == 1)
            {
                late = commit;
                throw new IOException("The request is under way, and nobody knows how far.");
            }
            if (late is not null)
                await late();
            late = null;
            await commit();
        });

        var run = await feed.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal((2, 3L, 2), (run.Run.Commits, run.Run.RowsLoaded, feed.Stagings));
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Files_that_hold_fewer_rows_than_were_read_do_not_land(CommitKind kind)
    {
        using var feed = await StagedFeed.BeginAsync(kind);
        feed.Tamper = stage => new ShortStage(stage);

        var run = await feed.RunAsync();

        Assert.DoesNotContain(CommitStep.Staged, feed.Steps);
        Assert.Equal("RowCountDiffers", run.FeedError?.Id);
        Assert.Equal(0, run.Run.Commits);
        Assert.Empty(feed.LeftOver);
    }

    [Fact]
    public async Task A_copy_that_takes_fewer_rows_than_were_staged_does_not_land()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script);
        feed.Script!.AfterCopy = (connection, rows) => connection($"DELETE FROM {rows} WHERE r = 0");

        var run = await feed.RunAsync();

        Assert.Equal(("RowCountDiffers", 0), (run.FeedError?.Id, run.Run.Commits));
        Assert.Empty(feed.Loading.Query("SELECT name FROM sqlite_schema WHERE name = 'orders'"));
        Assert.Empty(feed.LeftOver);
    }

    [Fact]
    public async Task A_run_that_was_claimed_away_between_staging_and_commit_finds_itself_overtaken()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script);
        var newer = new AtStep(CommitStep.Staged, 2, () => feed.Loading.Query("UPDATE peaks3feed_lock SET epoch = epoch + 1"));

        var run = await feed.RunAsync(newer);

        Assert.Equal("RunOvertaken", run.FeedError?.Id);
        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));
        Assert.Empty(feed.LeftOver);
    }

    [Fact]
    public async Task A_claim_that_comes_while_the_script_is_on_its_way_stops_it()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script);
        var newer = new AtStep(CommitStep.Committing, 2, () => feed.Loading.Query("UPDATE peaks3feed_lock SET epoch = epoch + 1"));

        var run = await feed.RunAsync(newer);

        Assert.Equal(("RunOvertaken", 1), (run.FeedError?.Id, run.Run.Commits));
        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));
    }

    [Theory]
    [InlineData(CommitKind.ConditionalPut, CommitStep.Staged)]
    [InlineData(CommitKind.ConditionalPut, CommitStep.Committing)]
    public async Task Of_two_runs_without_a_claim_the_second_to_commit_finds_itself_overtaken(CommitKind kind, CommitStep step)
    {
        using var feed = await StagedFeed.BeginAsync(kind);
        var stopped = new AtStep(step, 1, () => Assert.Equal(RunStatus.Succeeded, feed.RunElsewhereAsync().GetAwaiter().GetResult().Run.Status));

        var run = await feed.RunAsync(stopped);

        Assert.Equal(("RunOvertaken", 0), (run.FeedError?.Id, run.Run.Commits));
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
        Assert.Empty(feed.LeftOver);
    }

    [Fact]
    public async Task Rows_that_are_missing_from_a_part_by_the_time_of_the_commit_keep_it_from_landing()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.ConditionalPut);
        feed.Folder!.BeforeCommit = files => files with { Parts = [.. files.Parts.Skip(1)] };

        var run = await feed.RunAsync();

        Assert.Equal(("RowCountDiffers", 0), (run.FeedError?.Id, run.Run.Commits));
        Assert.Empty(feed.LeftOver);
    }

    [Fact]
    public async Task A_load_that_another_run_committed_under_the_same_id_is_that_runs()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script, f => f with { CommitEveryObjects = 0 });
        var other = Guid.NewGuid();
        feed.OnCommit(async (_, commit) =>
        {
            await commit();
            feed.Loading.Execute($"UPDATE peaks3feed_load SET run_id = '{other:D}'");
            await commit();
        });

        var run = await feed.RunAsync();

        Assert.Equal(("RunOvertaken", 0), (run.FeedError?.Id, run.Run.Commits));
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
    }

    [Fact]
    public async Task A_table_that_changes_before_the_commit_is_inspected_again()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script);
        var altered = new AtStep(CommitStep.Committing, 2, () => feed.Loading.Query("ALTER TABLE orders ADD COLUMN theirs TEXT"));

        var run = await feed.RunAsync(altered);

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(2, feed.Stagings);
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
        Assert.Equal(3, feed.Steps.Count(s => s == CommitStep.Committing));
    }

    [Fact]
    public async Task A_table_that_changes_each_time_ends_the_run()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script);
        var number = 0;
        feed.OnCommit((_, commit) =>
        {
            if (feed.Steps.Contains(CommitStep.Committed))
                feed.Loading.Query($"ALTER TABLE orders ADD COLUMN theirs_{++number} TEXT");
            return commit();
        });

        var run = await feed.RunAsync();

        Assert.Equal(("TableKeepsChanging", 1), (run.FeedError?.Id, run.Run.Commits));
        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));
        Assert.Equal(2, feed.Stagings);
        Assert.Empty(feed.LeftOver);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_stage_that_cannot_be_closed_has_no_load_committed_twice(CommitKind kind)
    {
        using var feed = await StagedFeed.BeginAsync(kind);
        feed.Tamper = stage => new StuckStage(stage);

        var run = await feed.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal((2, 3L, 2), (run.Run.Commits, run.Run.RowsLoaded, feed.Stagings));
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
    }

    /// <summary>Cannot delete its files.</summary>
    private sealed class StuckStage(IStage inner) : IStage
    {
        public IRowSink OpenLane() => inner.OpenLane();

        public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => inner.FinishAsync(cancellationToken);

        public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken) => inner.RemoveAsync(rows, cancellationToken);

        public Task CloseAsync(StageEnd end) => throw new IOException("The store does not answer.");
    }

    /// <summary>Loses a part.</summary>
    private sealed class ShortStage(IStage inner) : IStage
    {
        public IRowSink OpenLane() => inner.OpenLane();

        public async Task<StagedLoad> FinishAsync(CancellationToken cancellationToken)
        {
            var load = await inner.FinishAsync(cancellationToken);
            return load with { Parts = [.. load.Parts.Skip(1)] };
        }

        public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken) => inner.RemoveAsync(rows, cancellationToken);

        public Task CloseAsync(StageEnd end) => inner.CloseAsync(end);
    }
}
