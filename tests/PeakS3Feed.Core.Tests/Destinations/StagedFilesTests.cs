using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;

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
        Assert.Equal([CommitStep.Planned, CommitStep.Claimed, .. commit, .. commit], feed.Steps);
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], feed.Rows("id", "name", "extra"));
        Assert.Empty(feed.LeftOver);
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task A_row_that_the_engine_refuses_is_a_reject_with_file_and_line_and_the_rest_lands()
    {
        using var feed = await StagedFeed.BeginAsync(CommitKind.Script, f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(1) }, maxText: 5);
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
}
