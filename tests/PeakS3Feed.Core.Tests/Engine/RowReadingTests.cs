using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;

namespace PeakS3Feed.Tests.Engine;

/// <summary>Rows of the table of a feed that loads into SQLite.</summary>
public sealed class RowReadingTests
{
    private const string Typed = "id,price,day,at,ok,text\n1,1.50,2026-01-02,2026-01-02T03:04:05Z,true,x\n2,,2026-01-03,2026-01-03T00:00:00Z,false,\"\"\n";

    [Fact]
    public async Task Values_have_the_types_of_a_preview()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Typed);
        var preview = await loading.Store.Engine().PreviewAsync(TestStore.FeedName, 2, key: null, accessKey: null, default);
        var run = await loading.SucceedAsync();

        var rows = await ReadAsync(loading, new());
        Assert.Equal(["id", "price", "day", "at", "ok", "text", "peakauditcreatedat", "peakauditfilename", "peakauditrequestid"], rows[0].Columns);
        Assert.Equal(preview.Rows, rows.Select(r => r.Values.Take(6)));
        Assert.Equal(["s3://bucket/a.csv", run.Id.ToString("D")], rows[0].Values.Skip(7));
        Assert.Equal(TimeSpan.Zero, Assert.IsType<DateTimeOffset>(rows[0].Values[6]).Offset);
    }

    [Fact]
    public async Task Rows_are_chosen_by_run_and_key()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("b.csv", "id\n1\n2\n");
        loading.Write("a.csv", "id\n3\n4\n");
        var first = await loading.SucceedAsync();
        loading.Write("c.csv", "id\n5\n");
        var second = await loading.SucceedAsync();
        var nothing = (await loading.RunAsync()).Run;

        Assert.Equal([3L, 4L, 1L, 2L], Ids(await ReadAsync(loading, new() { Run = first.Id.ToString("D") })));
        Assert.Equal([5L], Ids(await ReadAsync(loading, new() { FeedName = null, Run = second.Id.ToString("D")[..8].ToUpperInvariant() })));
        Assert.Equal([1L, 2L], Ids(await ReadAsync(loading, new() { Key = "b.csv" })));
        Assert.Equal([5L], Ids(await ReadAsync(loading, new() { Key = "S3://bucket/c.csv", Run = $"{second.Id}" })));
        Assert.Equal([3L], Ids(await ReadAsync(loading, new() { Run = $"{first.Id}", First = 1 })));
        foreach (var request in new RowRequest[]
        {
            new() { Run = $"{nothing.Id}" }, new() { Key = "nix.csv" }, new() { Key = "s3://other/b.csv" }, new() { Key = "c.csv", Run = $"{first.Id}" },
            new() { Run = $"{Guid.NewGuid()}" },
        })
            Assert.Empty(await ReadAsync(loading, request));
    }

    [Fact]
    public async Task A_run_of_another_feed_is_an_error_that_names_the_run_alone()
    {
        using var loading = await Loading.BeginAsync();
        await loading.Store.AddAsync(await loading.Store.FeedAsync() with { Id = Guid.NewGuid(), Name = "returns", Table = "returns" });
        loading.Write("a.csv", "id\n1\n");
        var run = (await loading.RunAsync(feed: "returns")).Run;
        var error = await FailsAsync(loading, new() { Run = run.Id.ToString("D")[..8] }, "RunOfOtherFeed");
        Assert.Equal($"Get-S3FeedRow -RunId {run.Id.ToString("D")[..8]}", Assert.Single(error.Remedies).Cmdlet);
        Assert.Equal("RunNotFound", (await FailsAsync(loading, new() { Run = "ffffffff" }, "RunNotFound")).Id);
        await FailsAsync(loading, new() { DestinationName = "lake" }, "DestinationNotOfFeed");
        await FailsAsync(loading, new() { FeedName = "nix" }, "FeedNotFound");
    }

    [Fact]
    public async Task A_table_that_no_run_has_created_is_an_error_and_nothing_is_created()
    {
        using var loading = await Loading.BeginAsync();
        await FailsAsync(loading, new(), "TableMissing");
        Assert.False(File.Exists(loading.DatabasePath));
        loading.Execute("CREATE TABLE other (id INTEGER)");
        await FailsAsync(loading, new(), "TableMissing");
        Assert.Equal(["other"], loading.Query("SELECT name FROM sqlite_schema"));
    }

    [Fact]
    public async Task A_feed_without_audit_columns_shows_all_rows_and_no_run()
    {
        using var loading = await Loading.BeginAsync(f => f with { AuditColumns = AuditColumns.None });
        loading.Write("a.csv", "id\n1\n");
        var run = await loading.SucceedAsync();
        Assert.Equal([1L], Ids(await ReadAsync(loading, new())));
        await FailsAsync(loading, new() { Run = $"{run.Id}" }, "RowsNotTraceable");
        await FailsAsync(loading, new() { Key = "a.csv" }, "RowsNotTraceable");
    }

    [Fact]
    public async Task Columns_that_the_feed_does_not_have_are_shown_before_the_audit_columns()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id\n1\n");
        await loading.SucceedAsync();
        loading.Execute("ALTER TABLE orders ADD COLUMN \"a \"\"note\"\"\" BLOB; UPDATE orders SET \"a \"\"note\"\"\" = x'00ff'");
        var row = Assert.Single(await ReadAsync(loading, new()));
        Assert.Equal(["id", "a \"note\"", "peakauditcreatedat"], row.Columns.Take(3));
        Assert.Equal(new byte[] { 0, 255 }, row.Values[1]);
    }

    [Fact]
    public async Task Rows_of_an_Upsert_belong_to_the_run_that_updated_them_last()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        loading.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        var first = await loading.SucceedAsync();
        loading.Write("b.csv", "id,name\n2,Bob\n");
        var second = await loading.SucceedAsync();
        Assert.Equal([1L], Ids(await ReadAsync(loading, new() { Run = $"{first.Id}" })));
        var updated = Assert.Single(await ReadAsync(loading, new() { Run = $"{second.Id}" }));
        Assert.Equal("Bob", updated.Values[1]);
        Assert.Equal("peakauditupdatedat", updated.Columns[^1]);
    }

    [Fact]
    public async Task A_reader_that_takes_long_keeps_no_load_from_committing()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Loading.Numbers(500));
        await loading.SucceedAsync();
        var found = await loading.Store.Engine().FindRowsAsync(new() { FeedName = TestStore.FeedName, First = 1000 }, null, default);
        await using var rows = found.Rows.GetAsyncEnumerator();
        Assert.True(await rows.MoveNextAsync());
        loading.Write("b.csv", Loading.Numbers(5));
        await loading.SucceedAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var count = 1;
        while (await rows.MoveNextAsync())
            count++;
        Assert.Equal(500, count);
    }

    [Fact]
    public async Task More_rows_than_are_read_ahead_come_in_order()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", Loading.Numbers(2500));
        await loading.SucceedAsync();
        Assert.Equal(Enumerable.Range(1, 2500).Select(i => (object?)(long)i), Ids(await ReadAsync(loading, new() { First = 5000 })));
        Assert.Equal(2001, (await ReadAsync(loading, new() { First = 2001 })).Count);
    }

    private static IEnumerable<object?> Ids(IEnumerable<TableRow> rows) => rows.Select(r => r.Values[0]);

    private static async Task<List<TableRow>> ReadAsync(Loading loading, RowRequest request)
    {
        if (request is { FeedName: null, Run: null or { Length: > 8 } })
            request = request with { FeedName = TestStore.FeedName };
        var found = await loading.Store.Engine().FindRowsAsync(request, null, default);
        return await found.Rows.ToListAsync();
    }

    private static async Task<FeedException> FailsAsync(Loading loading, RowRequest request, string id)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => ReadAsync(loading, request.FeedName is null ? request with { FeedName = TestStore.FeedName } : request));
        Assert.Equal(id, error.Id);
        return error;
    }
}
