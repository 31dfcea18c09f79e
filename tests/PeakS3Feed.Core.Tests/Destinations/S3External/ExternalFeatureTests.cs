using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>What feeds can do, in a table on S3.</summary>
public sealed class ExternalFeatureTests
{
    private const string Bad = "id,name\n8,\"never closed\n";

    [Theory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.Upsert)]
    public async Task The_rows_of_a_file_that_is_left_out_are_not_in_the_table(LoadType type)
    {
        using var feed = await BeginAsync(type, f => f with { OnBadFile = BadFileAction.Skip });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        // The quote that is never closed comes after many rows, and with keys of another file.
        feed.Write("b.csv", "id,name\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},bad\n")) + "9,\"never closed\n");
        feed.Write("c.csv", Bad);
        feed.Write("d.csv", "id,name\n3,Cy\n");

        Assert.Equal(RunStatus.SucceededWithRejects, (await feed.RunAsync()).Run.Status);

        Assert.Equal(["1|Ann", "2|Bo", "3|Cy"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task A_file_that_is_left_out_hides_no_keys_when_it_has_a_data_file_of_its_own()
    {
        using var feed = await BeginAsync(LoadType.Upsert, f => f with { OnBadFile = BadFileAction.Skip });
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        // Another column begins another data file, so that none of its rows is loaded.
        feed.Write("b.csv", "id,name,extra\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},bad,x\n")) + "9,\"never closed\n");

        Assert.Equal(RunStatus.SucceededWithRejects, (await feed.RunAsync()).Run.Status);

        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task Rows_that_do_not_fit_are_rejects_and_too_many_of_them_stop_the_load()
    {
        using var feed = await BeginAsync(
            LoadType.Incremental, f => f with { Schema = Columns(("id", ColumnType.BigInt, 0), ("name", ColumnType.Text, 0)) });
        feed.Write("a.csv", "id,name\n1,Ann\nx,Bo\n3,Cy\n");
        await feed.FailAsync("FailedRowThresholdExceeded");
        Assert.False(Directory.Exists(Path.Combine(feed.Table, "_delta_log")));

        await feed.Store.ChangeFeedAsync(f => f with { FailedRowThreshold = FailedRowThreshold.Parse("1") });
        var run = await feed.RunAsync();
        Assert.Equal((RunStatus.SucceededWithRejects, 2L, 1L), (run.Run.Status, run.Run.RowsLoaded, run.Run.RowsRejected));
        Assert.Equal(["1|Ann", "3|Cy"], feed.Rows("id", "name"));
        Assert.Single(Directory.GetFiles(feed.Table, "*.parquet"));
    }

    [Fact]
    public async Task A_table_is_emptied_only_if_that_is_allowed()
    {
        using var feed = await BeginAsync(LoadType.TruncateInsert);
        feed.Write("a.csv", "id,name\n1,Ann\n");
        await feed.SucceedAsync();
        feed.Write("a.csv", "id,name\n");
        await feed.FailAsync("WouldEmptyTable");
        Assert.Equal(["1|Ann"], feed.Rows("id", "name"));

        await feed.Store.ChangeFeedAsync(f => f with { AllowEmpty = true });
        await feed.SucceedAsync();
        Assert.Empty(feed.ActiveFiles());
    }

    [Theory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.Upsert)]
    public async Task After_a_reset_the_feed_takes_its_own_loads_over(LoadType type)
    {
        using var feed = await BeginAsync(type);
        feed.Write("a.csv", "id,name\n1,Ann\n");
        feed.Write("b.csv", "id,name\n2,Bo\n");
        await feed.SucceedAsync();
        await feed.Store.Engine().ResetAsync(TestStore.FeedName, dropTable: false, default);
        var refused = await feed.FailAsync("TableHoldsRows");
        Assert.Contains("2 objects loaded by this feed, before it was reset", refused.Message, StringComparison.Ordinal);

        await feed.Store.ChangeFeedAsync(f => f with { AdoptTable = true });
        feed.Write("c.csv", "id,name\n3,Cy\n");
        var run = await feed.SucceedAsync();

        Assert.Equal((1L, "LedgerTakenOver"), (run.Run.RowsLoaded, Assert.Single(run.Run.Warnings).Id));
        Assert.Equal(["1|Ann", "2|Bo", "3|Cy"], feed.Rows("id", "name"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task A_reset_that_drops_the_table_begins_again()
    {
        using var feed = await BeginAsync(LoadType.Incremental);
        feed.Write("a.csv", "id,name\n1,Ann\n");
        await feed.SucceedAsync();
        await feed.Store.Engine().ResetAsync(TestStore.FeedName, dropTable: true, default);
        Assert.Empty(Directory.Exists(feed.Table) ? Directory.GetFiles(feed.Table, "*", SearchOption.AllDirectories) : []);

        await feed.SucceedAsync();
        Assert.Equal(["1|Ann"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task A_feed_that_is_created_again_takes_over_what_the_removed_one_loaded()
    {
        using var feed = await BeginAsync(LoadType.Incremental, f => f with { OnChangedObject = ChangedObjectAction.Replace });
        feed.Write("a.csv", "id,name\n1,Ann\n");
        feed.Write("b.csv", "id,name\n2,Bo\n");
        await feed.SucceedAsync();
        var removed = await feed.Store.FeedAsync();
        await feed.Store.Engine().RemoveFeedAsync(TestStore.FeedName, dropTable: false, default);
        await feed.Store.AddAsync(removed with { Id = Guid.NewGuid(), Schema = null });
        var refused = await feed.FailAsync("TableHoldsRows");
        Assert.Contains($"a feed that this store does not have (id {removed.Id:D})", refused.Message, StringComparison.Ordinal);

        await feed.Store.ChangeFeedAsync(f => f with { AdoptTable = true });
        feed.Write("a.csv", "id,name\n1,Anna\n");
        Assert.Equal(1, (await feed.SucceedAsync()).Run.RowsLoaded);
        Assert.Equal(["1|Anna", "2|Bo"], feed.Rows("id", "name"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task Objects_that_another_program_loaded_before_a_time_are_not_loaded_again()
    {
        using var feed = await BeginAsync(LoadType.Incremental);
        feed.Write("a.csv", "id,name\n1,Ann\n");
        await feed.SucceedAsync();
        // The feed has no ledger here: the rows may come from it all the same.
        var removed = await feed.Store.FeedAsync();
        await feed.Store.Engine().RemoveFeedAsync(TestStore.FeedName, dropTable: false, default);
        await feed.Store.AddAsync(removed with { Id = Guid.NewGuid(), Schema = null, AdoptTable = true });
        Directory.Delete(Path.Combine(feed.Table, "_peaks3feed"), recursive: true);
        File.WriteAllLines(feed.EntryPath(0), File.ReadAllLines(feed.EntryPath(0)).Where(l => !l.StartsWith("{\"txn\"", StringComparison.Ordinal)));
        await feed.FailAsync("TableHoldsFeedRows");

        await feed.Store.ChangeFeedAsync(f => f with { AssumeLoadedBefore = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero) });
        feed.Write("b.csv", "id,name\n2,Bo\n");
        File.SetLastWriteTimeUtc(feed.PathOf("b.csv"), new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(1, (await feed.SucceedAsync()).Run.RowsLoaded);
        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Theory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.Upsert)]
    public async Task Columns_that_come_in_later_files_of_a_load_or_in_later_loads_are_added(LoadType type)
    {
        using var feed = await BeginAsync(type);
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        feed.Write("b.csv", "id,name,city\n3,Cy,Cork\n");
        await feed.SucceedAsync();
        feed.Write("c.csv", "id,price\n4,1.50\n");
        await feed.SucceedAsync();

        Assert.Equal(["1|Ann|∅|∅", "2|Bo|∅|∅", "3|Cy|Cork|∅", "4|∅|∅|1.50"], feed.Rows("id", "name", "city", "CAST(price AS VARCHAR)"));
    }

    [Fact]
    public async Task Names_that_differ_only_in_case_are_one_column()
    {
        using var feed = await BeginAsync(LoadType.Upsert);
        feed.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await feed.SucceedAsync();
        var others = await feed.AddFeedAsync("others", f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["ID"] });
        File.WriteAllText(Path.Combine(others, "o.csv"), "ID,Name\n2,Bob\n3,Cy\n");
        await feed.SucceedAsync(feed: "others");

        Assert.Equal(["1|Ann", "2|Bob", "3|Cy"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task An_update_keeps_the_columns_that_only_another_feed_has()
    {
        using var feed = await BeginAsync(LoadType.Upsert, f => f with { AdoptTable = true });
        var others = await feed.AddFeedAsync("others", f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        File.WriteAllText(
            Path.Combine(others, "o.csv"),
            "id,name,city,paid,amount,day\n1,Ann,Cork,true,-0.05,1969-12-31\n2,Bo,,,,\n3,Cy,Kyiv,false,7.00,2026-01-01\n");
        await feed.SucceedAsync(feed: "others");
        feed.Write("a.csv", "id,name\n1,Anna\n2,Bob\n4,Di\n");
        await feed.SucceedAsync();

        Assert.Equal(
            ["1|Anna|Cork|True|-0.05|1969-12-31", "2|Bob|∅|∅|∅|∅", "3|Cy|Kyiv|False|7.00|2026-01-01", "4|Di|∅|∅|∅|∅"],
            feed.Rows("id", "name", "city", "paid", "CAST(amount AS VARCHAR)", "CAST(day AS VARCHAR)"));
    }

    [Fact]
    public async Task Keys_of_each_type_are_found_again()
    {
        using var feed = await BeginAsync(LoadType.Upsert, f => f with
        {
            PrimaryKey = ["number", "exact"],
            Schema = Columns(("number", ColumnType.Double, 0), ("exact", ColumnType.Decimal, 2), ("note", ColumnType.Text, 0)),
        });
        var digits = new string('9', 36);
        feed.Write("a.csv", $"number,exact,note\n0.0,{digits}.99,a\n0.0,{digits}.98,b\n1.5,-{digits}.99,c\n2.5,0.00,d\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", $"number,exact,note\n-0.0,{digits}.99,A\n-0.0,{digits}.98,B\n1.5,-{digits}.99,C\n");
        await feed.SucceedAsync();

        Assert.Equal(["A", "B", "C", "d"], feed.Rows("note").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_row_without_its_key_is_a_reject()
    {
        using var feed = await BeginAsync(LoadType.Upsert, f => f with { FailedRowThreshold = FailedRowThreshold.Parse("1") });
        feed.Write("a.csv", "id,name\n1,Ann\n,Bo\n");
        Assert.Equal(RunStatus.SucceededWithRejects, (await feed.RunAsync()).Run.Status);
        Assert.Equal(["1|Ann"], feed.Rows("id", "name"));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("id,country")]
    public async Task A_partitioned_table_is_updated_whether_the_key_has_the_partition_or_not(string key)
    {
        using var feed = await BeginAsync(LoadType.Upsert, f => f with { PrimaryKey = key.Split(','), PartitionBy = ["country", "year(at)"] });
        feed.Write("a.csv", "id,country,at,note\n1,DE,2025-01-01T00:00:00Z,a\n2,FR,2025-01-01T00:00:00Z,a\n3,DE,2026-01-01T00:00:00Z,a\n");
        await feed.SucceedAsync();
        // The first stays in its partition, the second moves to another year, and the third to another country.
        feed.Write("b.csv", "id,country,at,note\n1,DE,2025-06-01T00:00:00Z,b\n2,FR,2026-01-01T00:00:00Z,b\n3,FR,2026-01-01T00:00:00Z,b\n");
        await feed.SucceedAsync();

        Assert.Equal(key == "id" ? ["1|b", "2|b", "3|b"] : ["1|b", "2|b", "3|a", "3|b"], feed.Rows("id", "note"));
        string[] folders = ["country=DE/at_year=2025/", "country=FR/at_year=2026/", .. key == "id" ? [] : new[] { "country=DE/at_year=2026/" }];
        Assert.Equal(
            folders.Order(StringComparer.Ordinal),
            feed.ActiveFiles().Select(f => f[..(f.LastIndexOf('/') + 1)]).Distinct().Order(StringComparer.Ordinal));
    }

    // A Delta table has NULL for a partition that is an empty text.
    [Fact]
    public async Task An_empty_text_in_the_key_of_a_partition_is_found_again()
    {
        using var feed = await BeginAsync(LoadType.Upsert, f => f with
        {
            PrimaryKey = ["id", "country"], PartitionBy = ["country"],
            Schema = Columns(("id", ColumnType.BigInt, 0), ("country", ColumnType.Text, 0), ("note", ColumnType.Text, 0)),
        });
        feed.Write("a.csv", "id,country,note\n1,\"\",a\n1,DE,a\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,country,note\n1,\"\",b\n");
        await feed.SucceedAsync();

        Assert.Equal(["1|a", "1|b"], feed.Rows("id", "note"));
    }

    private static FeedSchema Columns(params (string Name, ColumnType Type, int Scale)[] columns)
        => new([.. columns.Select(c => new FeedColumn(c.Name, c.Name, c.Type, c.Scale))]);

    private static Task<ExternalFeed> BeginAsync(LoadType type, Func<S3Feed, S3Feed>? configure = null) => ExternalFeed.BeginAsync(f =>
    {
        f = f with { LoadType = type, PrimaryKey = type == LoadType.Upsert ? ["id"] : [] };
        return configure?.Invoke(f) ?? f;
    });
}
