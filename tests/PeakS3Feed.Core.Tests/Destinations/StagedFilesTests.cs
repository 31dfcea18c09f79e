using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Destinations that stage files, of two kinds that the core does not know, go through the same commit protocol.</summary>
public sealed class StagedFilesTests
{
    public static TheoryData<CommitKind> Kinds => [.. Enum.GetValues<CommitKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Files_are_staged_first_and_one_commit_makes_them_visible(CommitKind kind)
    {
        using var feed = await StagedFeed.BeginAsync(kind);

        Assert.Equal(RunStatus.Succeeded, (await feed.RunAsync()).Run.Status);

        CommitStep[] commit = [CommitStep.Staged, CommitStep.Copied, CommitStep.Checked, CommitStep.Committing, CommitStep.Committed, CommitStep.LocallyRecorded];
        Assert.Equal([CommitStep.Claimed, .. commit, .. commit], feed.Steps);
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
        Assert.Empty(feed.LeftOver);
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

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

    [Fact]
    public async Task A_row_that_the_engine_refuses_is_a_reject_with_file_and_line_and_the_rest_lands()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script, f => f with { FailedRowThreshold = FailedRowThreshold.OfCount(1) }, maxText: 5);
        feed.Loading.Write("c.csv", "id,name\n4,\"D\nd\"\n5,Ed\n6,Frederick\n7,Gil\n");

        var run = await feed.RunAsync();

        Assert.True(run.Run.Status == RunStatus.SucceededWithRejects, run.Error?.ToString());
        Assert.Equal((3, 6L, 1L), (run.Run.Commits, run.Run.RowsLoaded, run.Run.RowsRejected));
        Assert.Equal(["1|Ann", "2|Bo", "3|Cy", "4|D\nd", "5|Ed", "7|Gil"], feed.Rows("id", "name"));
        var reject = await feed.Loading.Store.History.ListRejectsAsync(run.Run.Id).SingleAsync();
        Assert.Equal(("s3://bucket/c.csv", 5L, "name is too long"), (reject.Position.ObjectUri, reject.Position.Line, reject.Reason));
        Assert.Equal(3, feed.Stagings);
        Assert.Empty(feed.LeftOver);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_changed_object_replaces_its_earlier_rows_and_a_bad_one_leaves_them(CommitKind kind)
    {
        using var feed = await StagedFeed.BeginAsync(kind, f => f with { OnChangedObject = ChangedObjectAction.Replace, OnBadFile = BadFileAction.Skip, CommitEveryObjects = 0 });
        await feed.RunAsync();
        feed.Loading.Write("a.csv", "id,name\n1,Anna\n");
        feed.Loading.Write("b.csv", "id,name,extra\n3,Cyd,8\n4,\"never closed\n");

        var run = await feed.RunAsync();

        Assert.Equal((RunStatus.SucceededWithRejects, 1L), (run.Run.Status, run.Run.ObjectsFailed));
        Assert.Equal(["1|Anna|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
        Assert.Equal(kind == CommitKind.Script ? 0 : 1, feed.LeftOver.Count); // the replaced part of a table of files stays for its readers
    }

    [Fact]
    public async Task An_Upsert_takes_the_last_row_of_a_key_in_loading_order()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"], CommitEveryObjects = 0 });
        feed.Loading.Write("0.csv", "id,name\n3,Last\n1,First\n1,Then\n");

        var run = await feed.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(["1|Then", "2|Bo", "3|Last"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task What_a_destination_cannot_do_keeps_a_run_from_beginning()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.ConditionalPut, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });

        var run = await feed.RunAsync();

        Assert.Equal("NotSupportedByDestination", run.FeedError?.Id);
        Assert.Contains("cannot load with LoadType Upsert, which feed orders asks for", run.FeedError!.Message, StringComparison.Ordinal);
        Assert.Empty(feed.Steps);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_Replace_takes_the_place_of_all_rows(CommitKind kind)
    {
        using var feed = await StagedFeed.BeginAsync(kind, f => f with { LoadType = LoadType.TruncateInsert });
        await feed.RunAsync();
        feed.Loading.Delete("a.csv");
        feed.Loading.Write("b.csv", "id,name,extra\n5,Ed,9\n");

        var run = await feed.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(["5|Ed|9"], feed.Rows("id", "name", "extra"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_a_dead_run_left_on_the_stage_goes_with_the_next_run_that_claims_the_feed(CommitKind kind)
    {
        using var feed = await StagedFeed.BeginAsync(kind);
        await feed.LeaveOneBehindAsync();
        Assert.NotEmpty(feed.LeftOver);

        Assert.Equal(RunStatus.Succeeded, (await feed.RunAsync()).Run.Status);

        Assert.Equal(kind == CommitKind.Script, feed.LeftOver.Count == 0);
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
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
