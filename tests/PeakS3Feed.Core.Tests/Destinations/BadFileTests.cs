using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Files that cannot be read, and rows that cannot be loaded.</summary>
public sealed class BadFileTests
{
    private const int MoreThanABatch = 20_000;

    [Fact]
    public async Task Fail_keeps_the_whole_commit_from_landing()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n0,good\n");
        loading.Write("b.csv", Loading.Numbers(MoreThanABatch, "\"never closed"));

        var failed = await loading.RunAsync();

        Assert.Equal(RunStatus.Failed, failed.Run.Status);
        Assert.Contains("b.csv", failed.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(loading.Query("SELECT name FROM sqlite_schema WHERE name = 'orders'"));
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task Skip_undoes_a_large_file_alone_and_names_it_until_it_is_mended()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip });
        loading.Write("a.csv", "id,note\n-1,good\n");
        loading.Write("b.csv", Loading.Numbers(MoreThanABatch, "\"never closed"));
        loading.Write("c.csv", Loading.Numbers(MoreThanABatch));

        var first = await loading.RunAsync();

        Assert.Equal((RunStatus.SucceededWithRejects, 1, MoreThanABatch + 1L, 2L), (first.Run.Status, first.Run.ObjectsFailed, first.Run.RowsLoaded, first.Run.ObjectsLoaded));
        Assert.Equal("s3://bucket/b.csv", Assert.Single(first.FailedFiles).Uri);
        Assert.Equal(["s3://bucket/a.csv|1", $"s3://bucket/c.csv|{MoreThanABatch}"], Files(loading));
        Assert.Equal("s3://bucket/b.csv", Assert.Single((await loading.RunAsync()).FailedFiles).Uri);

        loading.Write("b.csv", Loading.Numbers(3));
        Assert.Equal(RunStatus.Succeeded, (await loading.RunAsync()).Run.Status);
        Assert.Equal(["s3://bucket/a.csv|1", "s3://bucket/b.csv|3", $"s3://bucket/c.csv|{MoreThanABatch}"], Files(loading));
    }

    [Fact]
    public async Task Skip_takes_back_the_column_that_only_the_bad_file_brought()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip });
        loading.Write("a.csv", "id,note\n-1,good\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", Loading.Numbers(MoreThanABatch, "\"never closed").Replace("\n", ",7\n", StringComparison.Ordinal).Replace("id,note,7", "id,note,extra", StringComparison.Ordinal));
        loading.Write("c.csv", "id,note\n-2,good\n");
        await loading.SucceedAsync();

        Assert.Equal(["-2", "-1"], loading.Query("SELECT id FROM orders ORDER BY id"));
        Assert.DoesNotContain("extra", loading.Query("SELECT name FROM pragma_table_info('orders')"));
        Assert.Null((await loading.Store.FeedAsync()).Schema!.Find("extra"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(MoreThanABatch)]
    public async Task Skip_keeps_the_earlier_rows_of_a_changed_file_that_is_bad_now(int rows)
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip, OnChangedObject = ChangedObjectAction.Replace });
        loading.Write("a.csv", "id,note\n-1,old\n");
        loading.Write("b.csv", "id,note\n-2,old\n");
        await loading.SucceedAsync();
        loading.Write("a.csv", "id,note\n-1,new\n");
        loading.Write("b.csv", Loading.Numbers(rows, "\"never closed"));

        var run = await loading.RunAsync();

        Assert.Equal((RunStatus.SucceededWithRejects, 1L, 1L), (run.Run.Status, run.Run.ObjectsFailed, run.Run.ObjectsLoaded));
        Assert.Equal("s3://bucket/b.csv", Assert.Single(run.FailedFiles).Uri);
        Assert.Equal(["-2|old", "-1|new"], loading.Query("SELECT id, note FROM orders ORDER BY id"));

        loading.Write("b.csv", "id,note\n-2,new\n");
        await loading.SucceedAsync();
        Assert.Equal(["-2|new", "-1|new"], loading.Query("SELECT id, note FROM orders ORDER BY id"));
    }

    [Theory]
    [InlineData("0", RunStatus.Failed)]
    [InlineData("1", RunStatus.Failed)]
    [InlineData("2", RunStatus.SucceededWithRejects)]
    [InlineData("19%", RunStatus.Failed)]
    [InlineData("20%", RunStatus.SucceededWithRejects)]
    public async Task Rejects_beyond_the_threshold_keep_the_commit_from_landing(string threshold, RunStatus status)
    {
        using var loading = await Loading.BeginAsync(f => f with { CommitEveryObjects = 1, FailedRowThreshold = FailedRowThreshold.Parse(threshold) });
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id,note\n2,a\n");
        loading.Write("c.csv", "id,note\n3,a\n4,b\nfive,c\n6,d\n7,e\n8,f\nnine,g\n10,h\n11,i\n12,j\n");

        var run = (await loading.RunAsync()).Run;

        Assert.Equal((status, 2L), (run.Status, run.RowsRejected));
        Assert.Equal(status == RunStatus.Failed ? (1, 1L) : (2, 9L), (run.Commits, run.RowsLoaded));
        Assert.Equal(status == RunStatus.Failed ? "2" : "10", loading.Single("SELECT count(*) FROM orders"));
        var rejects = await loading.Store.History.ListRejectsAsync(run.Id).ToListAsync();
        Assert.Equal([4L, 8L], rejects.Select(r => r.Position.Line));
    }

    private static List<string> Files(Loading loading)
        => loading.Query("SELECT peakauditfilename, count(*) FROM orders GROUP BY peakauditfilename ORDER BY peakauditfilename");
}
