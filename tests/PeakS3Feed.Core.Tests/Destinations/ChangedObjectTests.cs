using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Objects that get another version: between runs, and while they are read.</summary>
public sealed class ChangedObjectTests
{
    private const int Large = 200_000; // rows: several megabytes, many batches

    // Several lanes would read a large file before its turn.
    private static readonly RunOptions OneLane = new() { MaxParallelism = 1 };

    [Theory]
    [InlineData(ChangedObjectAction.Append, "1|new 1|old 2|kept")]
    [InlineData(ChangedObjectAction.Replace, "1|new 2|kept")]
    [InlineData(ChangedObjectAction.Ignore, "1|old 2|kept")]
    public async Task A_changed_file_is_taken_as_the_feed_says(ChangedObjectAction action, string rows)
    {
        using var loading = await Loading.BeginAsync(f => f with { OnChangedObject = action });
        loading.Write("a.csv", "id,note\n1,old\n");
        loading.Write("b.csv", "id,note\n2,kept\n");
        await loading.SucceedAsync();
        loading.Write("a.csv", "id,note\n1,new\n");
        await loading.RunAsync();

        Assert.Equal(rows.Split(' '), loading.Query("SELECT id, note FROM orders ORDER BY id, note"));
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task Rows_loaded_without_audit_columns_cannot_be_replaced()
    {
        using var loading = await Loading.BeginAsync(f => f with { AuditColumns = AuditColumns.None });
        loading.Write("a.csv", "id,note\n1,old\n");
        await loading.SucceedAsync();
        await loading.ChangeAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace, AuditColumns = AuditColumns.All });
        loading.Write("b.csv", "id,note\n2,old\n");
        await loading.SucceedAsync();

        loading.Write("b.csv", "id,note\n2,new\n");
        await loading.SucceedAsync();
        loading.Write("a.csv", "id,note\n1,new\n");
        Assert.Equal("EarlierRowsUnknown", await loading.FailAsync());
        Assert.Equal(["1|old", "2|new"], loading.Query("SELECT id, note FROM orders ORDER BY id"));

        await loading.ChangeAsync(f => f with { OnChangedObject = ChangedObjectAction.Append });
        await loading.SucceedAsync();
        Assert.Equal("3", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Stop_loads_nothing_before_somebody_decides()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,old\n");
        await loading.SucceedAsync();
        loading.Write("a.csv", "id,note\n1,new\n");
        loading.Write("b.csv", "id,note\n2,other\n");

        Assert.Equal("ChangedObjectUndecided", await loading.FailAsync());
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Versions_A_B_A_are_three_loads()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnChangedObject = ChangedObjectAction.Append });
        foreach (var note in new[] { "A", "B", "A" })
        {
            loading.Write("a.csv", $"id,note\n1,{note}\n");
            await loading.SucceedAsync();
        }
        Assert.Equal(["A", "B", "A"], loading.Query("SELECT note FROM orders ORDER BY rowid"));
    }

    [Theory]
    [InlineData(LoadType.Incremental, 2)]
    [InlineData(LoadType.TruncateInsert, 1)]
    public async Task A_file_that_changes_before_it_is_read_is_planned_again(LoadType loadType, int commits)
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = loadType });
        loading.Write("a.csv", "id,note\n1,old\n");
        loading.Write("b.csv", "id,note\n2,other\n");

        var run = await loading.SucceedAsync(new AtStep(CommitStep.Planned, 1, () => loading.Write("a.csv", "id,note\n1,new\n3,more\n")));

        Assert.Equal((commits, 3L, 2L), (run.Commits, run.RowsLoaded, run.ObjectsLoaded));
        Assert.Equal(["1|new", "2|other", "3|more"], loading.Query("SELECT id, note FROM orders ORDER BY id"));
        if (loadType == LoadType.Incremental)
            Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(LoadType.Incremental, BadFileAction.Fail)]
    [InlineData(LoadType.Incremental, BadFileAction.Skip)]
    [InlineData(LoadType.TruncateInsert, BadFileAction.Fail)]
    public async Task A_file_that_changes_midway_is_planned_again(LoadType loadType, BadFileAction badFile)
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = loadType, OnBadFile = badFile });
        loading.Write("a.csv", "id,note\n0,other\n");
        loading.Write("b.csv", Loading.Numbers(Large));

        var run = await loading.SucceedAsync(new AtStep(CommitStep.Writing, 1, () => loading.Append("b.csv", "0,the end\n")), OneLane);

        Assert.Equal((Large + 2L, 2L), (run.RowsLoaded, run.ObjectsLoaded));
        Assert.Equal($"{Large + 2}|{Large + 1}", loading.Single("SELECT count(*), count(DISTINCT id) FROM orders"));
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders WHERE note = 'the end'"));
    }

    [Fact]
    public async Task A_large_file_that_changes_before_it_is_opened_is_planned_again()
    {
        using var loading = await Loading.BeginAsync(f => f);
        loading.Write("a.csv", "id,note\n0,other\n");
        loading.Write("b.csv", Loading.Numbers(Large));

        var run = await loading.SucceedAsync(new AtStep(CommitStep.Planned, 1, () => loading.Append("b.csv", "0,the end\n")));

        Assert.Equal((Large + 2L, 2L), (run.RowsLoaded, run.ObjectsLoaded));
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders WHERE note = 'the end'"));
    }

    [Fact]
    public async Task A_changed_file_that_changes_again_midway_keeps_its_earlier_rows_until_the_new_ones_land()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnChangedObject = ChangedObjectAction.Replace });
        loading.Write("a.csv", "id,note\n1,old\n");
        loading.Write("b.csv", "id,note\n2,old\n");
        await loading.SucceedAsync();
        loading.Write("a.csv", "id,note\n1,new\n");
        loading.Write("b.csv", "id,note\n2,newer\n");
        var between = new List<string>();
        var observer = new Both(
            new AtStep(CommitStep.Planned, 1, () => loading.Write("b.csv", "id,note\n2,newest\n")),
            new AtStep(CommitStep.LocallyRecorded, 1, () => between.AddRange(loading.Query("SELECT id, note FROM orders ORDER BY id"))));

        var run = await loading.SucceedAsync(observer);

        Assert.Equal(2, run.Commits);
        Assert.Equal(["1|new", "2|old"], between);
        Assert.Equal(["1|new", "2|newest"], loading.Query("SELECT id, note FROM orders ORDER BY id"));
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(BadFileAction.Fail, RunStatus.Failed)]
    [InlineData(BadFileAction.Skip, RunStatus.SucceededWithRejects)]
    public async Task A_file_that_changes_twice_is_a_bad_file(BadFileAction badFile, RunStatus status)
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = badFile, CommitEveryObjects = 1 });
        loading.Write("a.csv", "id,note\n0,other\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", Loading.Numbers(Large));
        var observer = new Both(
            new AtStep(CommitStep.Writing, 1, () => loading.Append("b.csv", "0,x\n")),
            new AtStep(CommitStep.Writing, 2, () => loading.Append("b.csv", "0,xx\n")));

        var result = await loading.RunAsync(observer, options: OneLane);

        Assert.Equal(status, result.Run.Status);
        Assert.Contains("changed twice", result.Error?.Message ?? Assert.Single(result.FailedFiles).Reason, StringComparison.Ordinal);
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));
        await loading.SucceedAsync();
        Assert.Equal($"{Large + 3}", loading.Single("SELECT count(*) FROM orders"));
    }

    private sealed class Both(params ICommitObserver[] observers) : ICommitObserver
    {
        public void OnStep(CommitStep step, long sequence)
        {
            foreach (var observer in observers)
                observer.OnStep(step, sequence);
        }
    }
}
