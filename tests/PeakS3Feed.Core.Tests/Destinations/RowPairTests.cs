using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A database that takes rows in a transaction, beside a table of files: its rows wait in a temporary file while the objects are read.</summary>
public sealed class RowPairTests
{
    [Fact]
    public async Task One_listing_and_one_reading_load_both_and_the_transaction_begins_once_all_rows_are_staged()
    {
        using var feed = await BeginAsync();
        var steps = new List<CommitStep>();
        feed.Observer = new Steps(steps);

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        MustHold(feed, "1", "2", "3");
        Assert.Equal((1, 2), (feed.Listings, feed.Opened.Count));
        Assert.Equal(["warehouse: Succeeded 2/2 3 2", "lake: Succeeded 2/2 3 2"], Standings(result.Run));
        Assert.Equal(Standings(result.Run), Standings((await feed.Loading.Store.History.FindAsync(result.Run.Id))!));
        CommitStep[] rows =
        [
            CommitStep.Began, CommitStep.Locked, CommitStep.Checked, CommitStep.Prepared, CommitStep.Writing, CommitStep.Written, CommitStep.Applied, CommitStep.Recorded,
            CommitStep.Committing, CommitStep.Committed,
        ];
        CommitStep[] load =
        [
            CommitStep.Staged, CommitStep.Staged, CommitStep.Copied, .. rows, CommitStep.Checked, CommitStep.Committing, CommitStep.Committed,
            CommitStep.LocallyRecorded, CommitStep.LocallyRecorded,
        ];
        Assert.Equal([CommitStep.Planned, CommitStep.Claimed, CommitStep.Claimed, .. load, .. load], steps);
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Rows_are_in_the_table_in_loading_order_whatever_the_number_of_lanes(int lanes)
    {
        using var feed = await BeginAsync(f => f with { CommitEveryObjects = 0 });
        feed.Parallelism = lanes;
        for (var file = 0; file < 40; file++)
            feed.Loading.Write($"f{file * 7 % 40:00}.csv", "id,name\n" + string.Concat(Enumerable.Range(0, 500 - (12 * file)).Select(i => $"{(file * 1000) + i + 10},x\n")));

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        var ids = feed.Loading.Query("SELECT id FROM orders ORDER BY rowid").Select(int.Parse).ToList();
        Assert.Equal([1, 2, 3, .. Enumerable.Range(0, 40).SelectMany(f => Enumerable.Range((f * 1000) + 10, 500 - (12 * f)))], ids);
        Assert.Equal(ids.Count, feed.InLake.Count);
    }

    [Fact]
    public async Task Columns_that_files_add_are_added_to_both_and_a_bad_file_is_in_neither()
    {
        using var feed = await BeginAsync(f => f with { CommitEveryObjects = 0, OnBadFile = BadFileAction.Skip });
        feed.Loading.Write("c.csv", "id,name,extra\n4,Di,7\n");
        feed.Loading.Write("d.csv", "id,name,other\n" + string.Concat(Enumerable.Range(100, 60_000).Select(i => $"{i},x,y\n")) + "5,\"never closed\n");
        feed.Loading.Write("e.csv", "id,name,extra,last\n6,Flo,,z\n");

        var result = await feed.RunAsync();

        Assert.Equal((RunStatus.SucceededWithRejects, 1L), (result.Run.Status, result.Run.ObjectsFailed));
        Assert.Equal(["1|Ann|∅|∅", "2|Bo|∅|∅", "3|Cy|∅|∅", "4|Di|7|∅", "6|Flo|∅|z"], feed.Loading.Query("SELECT id, name, extra, last FROM orders ORDER BY id"));
        Assert.Equal(["1", "2", "3", "4", "6"], feed.InLake);
        Assert.DoesNotContain("other", feed.Loading.Query("SELECT name FROM pragma_table_info('orders')"));
    }

    [Fact]
    public async Task A_database_that_fails_leaves_the_lake_alone_and_catches_up_without_it()
    {
        using var feed = await BeginAsync();
        feed.Database.Writing = () => throw new InvalidOperationException("The tablespace is offline.");

        var result = await feed.RunAsync();

        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.Equal((0, 3), (feed.InWarehouse.Count, feed.InLake.Count));
        Assert.Equal(["warehouse: Failed 0/2 0 0", "lake: Succeeded 2/2 3 2"], Standings(result.Run));
        Assert.Equal("warehouse: failed, 0 of 2 objects, 0 rows (Unexpected)", Quantities.Standing(result.Run.Destinations[0]));
        Assert.Contains("The tablespace is offline.", result.Run.Destinations[0].Error, StringComparison.Ordinal);

        feed.Database.Writing = () => { };
        var lakeStagings = feed.Lake.Stagings;
        result = await feed.RunAsync();

        Assert.Equal(["warehouse: Succeeded 2/2 3 2", "lake: NothingToDo 0/0 0 0"], Standings(result.Run));
        Assert.Equal(lakeStagings, feed.Lake.Stagings);
        MustHold(feed, "1", "2", "3");
    }

    [Fact]
    public async Task A_lake_that_fails_leaves_the_database_alone_and_catches_up_without_it()
    {
        using var feed = await BeginAsync();
        var put = feed.Lake.Put;
        feed.Lake.Put = _ => throw new InvalidOperationException("The bucket is read-only.");

        var result = await feed.RunAsync();

        Assert.Equal(["warehouse: Succeeded 2/2 3 2", "lake: Failed 0/2 0 0"], Standings(result.Run));

        feed.Lake.Put = put;
        var transactions = feed.Database.Transactions;
        feed.Loading.Write("c.csv", "id,name\n4,Di\n");
        result = await feed.RunAsync();

        Assert.Equal(["warehouse: Succeeded 1/1 1 1", "lake: Succeeded 3/3 4 3"], Standings(result.Run));
        Assert.Equal(transactions + 1, feed.Database.Transactions);
        MustHold(feed, "1", "2", "3", "4");
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_is_a_reject_for_both()
    {
        using var feed = await BeginAsync(f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(2), CommitEveryObjects = 0 });
        feed.Loading.Write("b.csv", "id,name\nbad,Al\n3,Christopher\n4,Di\n5,Cy\n");
        feed.Loading.Write("c.csv", "id,name\n6,Flo\n");
        feed.Database.Refuses = name => name.Length > 9;

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.SucceededWithRejects, result.Error?.ToString());
        MustHold(feed, "1", "2", "4", "5", "6");
        Assert.Equal((2L, 5L, 7L), (result.Run.RowsRejected, result.Run.RowsLoaded, result.Run.RowsRead));
        var rejects = await feed.Loading.Store.History.ListRejectsAsync(result.Run.Id).ToListAsync();
        Assert.Equal([2L, 3L], rejects.Select(r => r.Position.Line));
        Assert.Equal("The database refuses the row.", rejects[1].Reason);
        Assert.Equal(3, feed.Database.Transactions); // refused, found, committed
        Assert.Equal(1, feed.Lake.Stagings);
    }

    [Fact]
    public async Task A_row_that_the_lake_refuses_is_a_reject_for_both()
    {
        using var feed = await BeginAsync(f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(1), CommitEveryObjects = 0 });
        feed.Lake.Refuse = row => row.Values["id"].GetInt64() == 2 ? "The table of files has no room for it." : null;

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.SucceededWithRejects, result.Error?.ToString());
        MustHold(feed, "1", "3");
        var reject = Assert.Single(await feed.Loading.Store.History.ListRejectsAsync(result.Run.Id).ToListAsync());
        Assert.Equal((3L, "The table of files has no room for it."), (reject.Position.Line, reject.Reason));
        Assert.Equal(1, feed.Database.Transactions);
    }

    [Fact]
    public async Task Each_may_refuse_rows_of_its_own()
    {
        using var feed = await BeginAsync(f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(3), CommitEveryObjects = 0 });
        feed.Loading.Write("b.csv", "id,name\n3,Cy\n4,Christopher\n5,Ed\n6,Alexandra-Louise\n");
        feed.Lake.Refuse = row => row.Values["id"].GetInt64() == 3 ? "No room." : null;
        feed.Database.Refuses = name => name.Length > 9;

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.SucceededWithRejects, result.Error?.ToString());
        MustHold(feed, "1", "2", "5");
        Assert.Equal((3L, 3L), (result.Run.RowsRejected, result.Run.RowsLoaded));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refused_rows_beyond_the_threshold_stop_both(bool inDatabase)
    {
        using var feed = await BeginAsync(f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(0), CommitEveryObjects = 0 });
        if (inDatabase)
            feed.Database.Refuses = name => name == "Bo";
        else
            feed.Lake.Refuse = row => row.Values["id"].GetInt64() == 2 ? "No room." : null;

        var result = await feed.RunAsync();

        Assert.Equal((RunStatus.Failed, "FailedRowThresholdExceeded", 0), (result.Run.Status, result.FeedError?.Id, result.Run.Commits));
        Assert.Equal((0, 0), (feed.InWarehouse.Count, feed.InLake.Count));
        Assert.Equal(3, result.FeedError!.Position!.Line);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_answer_is_looked_up_in_the_databases_own_ledger(bool landed)
    {
        using var feed = await BeginAsync();
        var number = 0;
        feed.Database.Commit = async commit =>
        {
            if (++number == 1 && !landed)
                throw new IOException("The connection is gone.");
            await commit();
            if (number == 1)
                throw new IOException("The connection is gone.");
        };

        var result = await feed.RunAsync();

        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        MustHold(feed, "1", "2", "3");
        Assert.Equal(["a.csv", "b.csv"], feed.Opened);
        Assert.Equal(landed ? 2 : 3, feed.Database.Transactions);
    }

    [Fact]
    public async Task A_run_that_was_claimed_away_finds_itself_overtaken_in_the_database_alone()
    {
        using var feed = await BeginAsync(f => f with { CommitEveryObjects = 0 });
        feed.Observer = new AtStep(CommitStep.Staged, 1, () => feed.Loading.Query("UPDATE peaks3feed_lock SET epoch = epoch + 1"));

        var result = await feed.RunAsync();

        Assert.Equal("RunOvertaken", result.Run.Destinations[0].ErrorId);
        Assert.Equal((0, 3), (feed.InWarehouse.Count, feed.InLake.Count));
    }

    [Fact]
    public async Task A_trigger_that_drops_rows_keeps_the_load_from_landing_in_the_database_alone()
    {
        using var feed = await BeginAsync();
        Assert.Equal(RunStatus.Succeeded, (await feed.RunAsync()).Run.Status);
        feed.Loading.Execute("CREATE TRIGGER thief BEFORE INSERT ON orders WHEN NEW.id = 5 BEGIN SELECT RAISE(IGNORE); END");
        feed.Loading.Write("c.csv", "id,name\n4,Di\n5,Ed\n");

        var result = await feed.RunAsync();

        Assert.Equal("RowCountDiffers", result.Run.Destinations[0].ErrorId);
        Assert.Equal(["1", "2", "3"], feed.InWarehouse);
        Assert.Equal(["1", "2", "3", "4", "5"], feed.InLake);
    }

    [Fact]
    public async Task A_replace_and_a_changed_object_replace_the_rows_in_both()
    {
        using var replace = await BeginAsync(f => f with { LoadType = LoadType.TruncateInsert });
        await replace.RunAsync();
        replace.Loading.Delete("a.csv");
        Assert.Equal(RunStatus.Succeeded, (await replace.RunAsync()).Run.Status);
        MustHold(replace, "3");

        using var changed = await BeginAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        await changed.RunAsync();
        changed.Loading.Write("a.csv", "id,name\n1,Anna\n5,Ed\n");
        Assert.Equal(RunStatus.Succeeded, (await changed.RunAsync()).Run.Status);
        MustHold(changed, "1", "3", "5");
        Assert.Equal(["Anna"], changed.Loading.Query("SELECT name FROM orders WHERE id = 1"));
    }

    private static Task<PairedFeed> BeginAsync(Func<S3Feed, S3Feed>? configure = null) => PairedFeed.BeginAsync(PairedWarehouse.Rows, configure);

    private static void MustHold(PairedFeed feed, params string[] ids)
    {
        Assert.Equal(ids, feed.InWarehouse);
        Assert.Equal(ids, feed.InLake);
    }

    private static string[] Standings(S3FeedRun run)
        => [.. run.Destinations.Select(d => $"{d.Name}: {d.Status} {d.ObjectsLoaded}/{d.ObjectsPlanned} {d.RowsLoaded} {d.Commits}")];

    private sealed class Steps(List<CommitStep> steps) : ICommitObserver
    {
        public void OnStep(CommitStep step, long sequence) => steps.Add(step);
    }
}
