using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>What a table must be like for a feed to load into it, and what is checked before a commit.</summary>
public sealed class TableRulesTests
{
    [Fact]
    public async Task A_row_that_the_database_swallows_keeps_the_commit_from_landing()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();
        loading.Query("CREATE TRIGGER swallow BEFORE INSERT ON orders WHEN NEW.id = 3 BEGIN SELECT RAISE(IGNORE); END");
        loading.Write("b.csv", "id,name\n2,Bo\n3,Cy\n");

        var failed = await loading.RunAsync();

        Assert.Equal("RowCountDiffers", failed.FeedError?.Id);
        Assert.Contains("took 1 of the 2 rows", failed.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(["1"], loading.Query("SELECT id FROM orders"));
        loading.Query("DROP TRIGGER swallow");
        await loading.SucceedAsync();
        Assert.Equal(["1", "2", "3"], loading.Query("SELECT id FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task A_source_without_rows_does_not_empty_the_table()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.TruncateInsert });
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();

        loading.Write("a.csv", "id,name\n");
        Assert.Equal("WouldEmptyTable", await loading.FailAsync());
        loading.Delete("a.csv");
        Assert.Equal("WouldEmptyTable", await loading.FailAsync());
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));

        await loading.ChangeAsync(f => f with { AllowEmpty = true });
        await loading.SucceedAsync();
        Assert.Equal("0", loading.Single("SELECT count(*) FROM orders"));
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task A_table_that_holds_rows_is_taken_only_when_it_is_adopted()
    {
        using var loading = await Loading.BeginAsync();
        loading.Query("CREATE TABLE orders (id INTEGER, name TEXT)");
        loading.Query("INSERT INTO orders VALUES (0, 'before')");
        loading.Write("a.csv", "id,name\n1,Ann\n");

        Assert.Equal("TableHoldsRows", await loading.FailAsync());
        await loading.ChangeAsync(f => f with { AdoptTable = true });
        await loading.SucceedAsync();

        Assert.Equal(["0|before|∅", "1|Ann|s3://bucket/a.csv"], loading.Query("SELECT id, name, peakauditfilename FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task An_empty_table_needs_no_adoption_but_types_that_fit()
    {
        using var loading = await Loading.BeginAsync();
        loading.Query("CREATE TABLE orders (id INTEGER, name REAL)");
        loading.Write("a.csv", "id,name\n1,Ann\n");

        Assert.Equal("ColumnTypeDiffers", await loading.FailAsync());
        loading.Query("DROP TABLE orders");
        loading.Query("CREATE TABLE orders (id INTEGER, name TEXT, must TEXT NOT NULL)");
        Assert.Equal("ColumnRequired", await loading.FailAsync());
        loading.Query("DROP TABLE orders");
        loading.Query("CREATE TABLE orders (ID INTEGER, name TEXT, extra TEXT NOT NULL DEFAULT 'x')");
        await loading.SucceedAsync();
        Assert.Equal(["1|Ann|x"], loading.Query("SELECT id, name, extra FROM orders"));
    }

    [SkippableFact]
    public async Task A_database_that_a_load_makes_is_its_owners_only()
    {
        Skip.If(OperatingSystem.IsWindows());
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();

        Assert.Equal("600", UnixMode.Get(loading.DatabasePath));
    }

    [Fact]
    public async Task A_ledger_whose_table_is_gone_asks_for_a_reset()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();
        loading.Query("DROP TABLE orders");
        loading.Write("b.csv", "id,name\n2,Bo\n");

        Assert.Equal("LedgerWithoutTable", await loading.FailAsync());
        await loading.Store.Engine().ResetAsync("orders", dropTable: false, CancellationToken.None);
        Assert.Equal(2, (await loading.SucceedAsync()).RowsLoaded);
    }

    [Theory]
    [InlineData(LoadType.TruncateInsert, LoadType.Incremental)]
    [InlineData(LoadType.Incremental, LoadType.TruncateInsert)]
    [InlineData(LoadType.TruncateInsert, LoadType.TruncateInsert)]
    public async Task A_table_that_is_replaced_belongs_to_one_feed(LoadType owner, LoadType other)
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = owner });
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();
        await loading.Store.AddAsync(await loading.Store.FeedAsync() with { Id = Guid.NewGuid(), Name = "others", Table = "orders", LoadType = other });

        var refused = await loading.RunAsync(feed: "others");
        Assert.Equal("TableBelongsToOther", refused.FeedError?.Id);
        Assert.Contains((await loading.Store.FeedAsync()).Id.ToString(), refused.FeedError!.Message, StringComparison.Ordinal);
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));

        await loading.Store.AddAsync(await loading.Store.FeedAsync("others") with { AdoptTable = true });
        if (other == LoadType.Incremental)
        {
            // The owner's rows are of the same object, and nobody would replace them any more: adding to them is a decision of its own.
            Assert.Equal("TableHoldsFeedRows", await loading.FailAsync(feed: "others"));
            await loading.Store.AddAsync(await loading.Store.FeedAsync("others") with { AssumeLoadedBefore = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero) });
        }
        Assert.Equal(RunStatus.Succeeded, (await loading.RunAsync(feed: "others")).Run.Status);
        Assert.Equal("1", loading.Single("SELECT count(*) FROM peaks3feed_load"));
        Assert.Equal("1", loading.Single("SELECT count(*) FROM peaks3feed_lock WHERE sequence > 0"));
        loading.Write("b.csv", "id,name\n2,Bo\n");
        Assert.Contains(await loading.FailAsync(), new[] { "TableBelongsToOther", "TableHoldsRows" });
    }

    [Fact]
    public async Task A_table_that_is_gone_belongs_to_nobody()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.TruncateInsert });
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();
        loading.Query("DROP TABLE orders");
        await loading.Store.AddAsync(await loading.Store.FeedAsync() with { Id = Guid.NewGuid(), Name = "anew", Table = "orders" });

        Assert.Equal(RunStatus.Succeeded, (await loading.RunAsync(feed: "anew")).Run.Status);
        loading.Write("b.csv", "id,name\n2,Bo\n");
        Assert.Equal(RunStatus.Succeeded, (await loading.RunAsync(feed: "anew")).Run.Status);
        Assert.Equal("TableBelongsToOther", await loading.FailAsync());
    }

    [Fact]
    public async Task Another_spelling_of_a_table_is_the_same_table()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.TruncateInsert });
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();
        await loading.Store.AddAsync(await loading.Store.FeedAsync() with { Id = Guid.NewGuid(), Name = "others", Table = "ORDERS", LoadType = LoadType.Incremental });

        Assert.Equal("TableBelongsToOther", await loading.FailAsync(feed: "others"));
        await loading.ChangeAsync(f => f with { Table = "Orders" });
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task Two_incremental_feeds_share_a_table()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();
        await loading.Store.AddAsync(await loading.Store.FeedAsync() with { Id = Guid.NewGuid(), Name = "others", Table = "orders", AdoptTable = true });

        Assert.Equal(RunStatus.Succeeded, (await loading.RunAsync(feed: "others")).Run.Status);
        Assert.Equal("2", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task An_incremental_feed_that_becomes_an_upsert_proves_its_key()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,name\n1,Ann\n1,Bo\n");
        await loading.SucceedAsync();
        await loading.ChangeAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        loading.Write("b.csv", "id,name\n1,Cy\n");

        Assert.Equal("KeyNotUnique", await loading.FailAsync());
        Assert.Equal("2", loading.Single("SELECT count(*) FROM orders"));
        loading.Query("DELETE FROM orders WHERE name = 'Ann'");
        await loading.SucceedAsync();
        Assert.Equal(["1|Cy"], loading.Query("SELECT id, name FROM orders"));
    }

    [Theory]
    [InlineData(AuditColumns.All, LoadType.Incremental, "id|peakauditcreatedat|peakauditfilename|peakauditrequestid")]
    [InlineData(AuditColumns.All, LoadType.Upsert, "id|peakauditcreatedat|peakauditfilename|peakauditrequestid|peakauditupdatedat")]
    [InlineData(AuditColumns.None, LoadType.Incremental, "id")]
    [InlineData(AuditColumns.None, LoadType.Upsert, "id")]
    public async Task Audit_columns_are_there_or_not(AuditColumns audit, LoadType loadType, string columns)
    {
        using var loading = await Loading.BeginAsync(f => f with { AuditColumns = audit, LoadType = loadType, PrimaryKey = loadType == LoadType.Upsert ? ["id"] : [] });
        loading.Write("a.csv", "id\n1\n");
        var run = await loading.SucceedAsync();

        Assert.Equal(columns.Split('|'), loading.Query("SELECT name FROM pragma_table_info('orders')"));
        if (audit == AuditColumns.All)
            Assert.Equal([$"s3://bucket/a.csv|{run.Id:D}"], loading.Query("SELECT peakauditfilename, peakauditrequestid FROM orders"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    [InlineData(5, 1)]
    public async Task A_run_commits_after_so_many_objects(int every, int commits)
    {
        using var loading = await Loading.BeginAsync(f => f with { CommitEveryObjects = every });
        for (var i = 1; i <= 5; i++)
            loading.Write($"{i}.csv", $"id\n{i}\n");

        Assert.Equal(commits, (await loading.SucceedAsync()).Commits);
        Assert.Equal(["1", "2", "3", "4", "5"], loading.Query("SELECT id FROM orders ORDER BY rowid"));
    }

    [Fact]
    public async Task SQLites_names_of_the_row_number_are_columns_like_others()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["rowid"] });
        loading.Write("a.csv", "rowid,oid,_rowid_,xmin\n7,8,nine,10\n5,6,x,1\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "rowid,oid,_rowid_,xmin\n7,80,ninety,100\n");
        await loading.SucceedAsync();

        Assert.Equal(["5|6|x|1", "7|80|ninety|100"], loading.Query("SELECT rowid, oid, rowid_2, xmin FROM orders ORDER BY xmin"));
    }
}
