using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Rows of a table on S3: those of the files that the log names now.</summary>
public sealed class ExternalRowTests
{
    [Fact]
    public async Task Values_have_the_types_of_a_preview_and_files_without_a_column_have_NULL()
    {
        using var feed = await ExternalFeed.BeginAsync();
        feed.Write("a.csv", "id,price,day,at,ok\n1,1.50,2026-01-02,2026-01-02T03:04:05Z,true\n2,,,,\n");
        var preview = await feed.Store.Engine().PreviewAsync(TestStore.FeedName, 2, key: null, accessKey: null, default);
        await feed.SucceedAsync();
        Assert.Equal(preview.Rows, (await ReadAsync(feed)).Select(r => r.Values.Take(5)));

        feed.Write("b.csv", "id,price,day,at,ok,note\n3,2.25,2026-01-04,2026-01-04T00:00:00Z,false,new\n");
        await feed.SucceedAsync();
        var rows = await ReadAsync(feed);
        Assert.Equal(["id", "price", "day", "at", "ok", "note", "peakauditcreatedat", "peakauditfilename", "peakauditrequestid"], rows[0].Columns);
        Assert.Equal([null, null, "new"], rows.OrderBy(r => r.Values[0]).Select(r => r.Values[5]));
    }

    [Fact]
    public async Task Rows_of_files_that_the_log_has_removed_are_not_shown()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        var first = await feed.SucceedAsync();
        feed.Write("b.csv", "id,name\n2,Bob\n3,Cy\n");
        var second = await feed.SucceedAsync();
        Assert.Equal(["1 Ann", "2 Bob", "3 Cy"], Texts(await ReadAsync(feed)).Order(StringComparer.Ordinal));
        Assert.Equal(["1 Ann"], Texts(await ReadAsync(feed, new() { Run = $"{first.Run.Id}" })));
        Assert.Equal(["2 Bob", "3 Cy"], Texts(await ReadAsync(feed, new() { Run = $"{second.Run.Id}" })).Order(StringComparer.Ordinal));

        feed.Optimize();
        Assert.Equal(["1 Ann"], Texts(await ReadAsync(feed, new() { Run = $"{first.Run.Id}", Key = "a.csv" })));
        var gone = feed.ActiveFiles();
        feed.Commit([.. gone.Select(f => ExternalFeed.Remove(f))]);
        Assert.Empty(await ReadAsync(feed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Rows_of_a_run_are_ordered_by_their_object_and_only_the_first_are_read(int commitEvery)
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { CommitEveryObjects = commitEvery });
        foreach (var name in (string[])["c", "a", "d", "b"])
            feed.Write($"{name}.csv", $"id,name\n1,{name}\n2,{name}\n");
        var run = await feed.SucceedAsync();
        Assert.Equal(["1 a", "2 a", "1 b", "2 b", "1 c", "2 c", "1 d", "2 d"], Texts(await ReadAsync(feed, new() { Run = $"{run.Run.Id}" })));
        Assert.Equal(["1 a", "2 a", "1 b"], Texts(await ReadAsync(feed, new() { Run = $"{run.Run.Id}", First = 3 })));
        Assert.Equal(3, (await ReadAsync(feed, new() { First = 3 })).Count);
        Assert.Equal(["1 d", "2 d"], Texts(await ReadAsync(feed, new() { Key = "s3://bucket/d.csv" })));
    }

    [Fact]
    public async Task A_file_whose_bounds_exclude_the_run_or_the_object_is_not_opened()
    {
        using var feed = await ExternalFeed.BeginAsync();
        feed.Write("a.csv", "id,name\n1,a\n");
        await feed.SucceedAsync();
        var old = Assert.Single(feed.ActiveFiles());
        feed.Write("b.csv", "id,name\n2,b\n");
        var second = await feed.SucceedAsync();
        File.Delete(Path.Combine(feed.Table, old));

        Assert.Equal(["2 b"], Texts(await ReadAsync(feed, new() { Run = $"{second.Run.Id}" })));
        Assert.Equal(["2 b"], Texts(await ReadAsync(feed, new() { Key = "b.csv" })));
        await Assert.ThrowsAsync<FeedException>(() => ReadAsync(feed, new() { Key = "a.csv" }));
    }

    [Fact]
    public async Task Partition_columns_have_the_values_of_the_log()
    {
        using var feed = await ExternalFeed.BeginAsync(f => f with { PartitionBy = ["country", "year(day)"] });
        feed.Write("a.csv", "id,country,day\n1,DE,2026-01-02\n2,,2025-03-04\n");
        await feed.SucceedAsync();
        var rows = (await ReadAsync(feed)).OrderBy(r => r.Values[0]).ToList();
        var (country, year) = (rows[0].Columns.ToList().IndexOf("country"), rows[0].Columns.ToList().FindIndex(c => c.Contains("year", StringComparison.Ordinal)));
        Assert.Equal(["DE", null], rows.Select(r => r.Values[country]));
        Assert.Equal([2026L, 2025L], rows.Select(r => r.Values[year]));
    }

    [Fact]
    public async Task A_column_of_a_type_that_no_feed_has_is_shown_or_reported()
    {
        using var feed = await ExternalFeed.BeginAsync();
        feed.Write("a.csv", "id,name\n1,a\n");
        await feed.SucceedAsync();
        var metadata = feed.FindAction("metaData").Replace(
            "\\\"fields\\\":[", "\\\"fields\\\":[{\\\"name\\\":\\\"small\\\",\\\"type\\\":\\\"integer\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}},"
            + "{\\\"name\\\":\\\"list\\\",\\\"type\\\":{\\\"type\\\":\\\"array\\\",\\\"elementType\\\":\\\"string\\\",\\\"containsNull\\\":true},"
            + "\\\"nullable\\\":true,\\\"metadata\\\":{}},", StringComparison.Ordinal);
        feed.Commit(metadata, feed.Add("other.parquet", "SELECT 7::INTEGER AS small, ['x'] AS list, 2::BIGINT AS id, 'b' AS name"));

        var logged = new ListLogger();
        var found = await feed.Store.Engine(loggers: logged).FindRowsAsync(new() { FeedName = TestStore.FeedName }, null, default);
        var rows = await found.Rows.ToListAsync();
        Assert.Equal(["small", "id", "name"], rows[0].Columns.Take(3));
        Assert.Equal(new object?[] { null, 7L }, rows.OrderBy(r => r.Values[1]).Select(r => r.Values[0]));
        Assert.Contains(logged.Lines, l => l.Contains("Column list of orders is not shown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_that_no_run_has_created_is_an_error_and_its_folder_stays_empty()
    {
        using var feed = await ExternalFeed.BeginAsync();
        var error = await Assert.ThrowsAsync<FeedException>(() => ReadAsync(feed));
        Assert.Equal("TableMissing", error.Id);
        Assert.False(Directory.Exists(feed.Table));
    }

    private static IEnumerable<string> Texts(IEnumerable<TableRow> rows) => rows.Select(r => $"{r.Values[0]} {r.Values[1]}");

    private static async Task<List<TableRow>> ReadAsync(ExternalFeed feed, RowRequest? request = null)
    {
        var found = await feed.Store.Engine().FindRowsAsync((request ?? new()) with { FeedName = TestStore.FeedName }, null, default);
        return await found.Rows.ToListAsync();
    }
}
