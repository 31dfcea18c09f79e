using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What feeds can do with a table in Snowflake.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class SnowflakeFeatureTests : WarehouseFeed
{
    [SkippableFact]
    public async Task Every_type_arrives_as_it_was_read()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        FeedColumn[] columns =
        [
            new("id", "id", ColumnType.BigInt), new("t", "t", ColumnType.Text), new("b", "b", ColumnType.Boolean), new("n", "n", ColumnType.Decimal, 4),
            new("w", "w", ColumnType.Decimal, 38), new("f", "f", ColumnType.Double), new("d", "d", ColumnType.Date), new("ts", "ts", ColumnType.Timestamp),
            new("tz", "tz", ColumnType.TimestampTz), new("j", "j", ColumnType.Json),
        ];
        var store = await CreateAsync(database, f => f with { Schema = new FeedSchema(columns), AuditColumns = AuditColumns.None });
        Write("a.csv", """
            id,t,b,n,w,f,d,ts,tz,j
            1,"a ""quoted"" text, with \n
            a line break",true,12345678901234567890.1234,0.12345678901234567890123456789012345678,0.1,2024-02-29,2024-02-29 23:59:59.123456,2024-02-29T23:59:59.5+02:00,"{""a"": [1, null]}"
            2,"",false,-0.0001,,1e300,0001-01-01,0001-01-01 00:00:00,9999-12-31T23:59:59.999999Z,[]
            -9223372036854775808,日本語 🎈,,,,,,,,
            """);

        await SucceedAsync(store);

        Assert.Equal(
            [
                "-9223372036854775808|日本語 🎈|∅|∅|∅|∅|∅|∅|∅|∅",
                "1|a \"quoted\" text, with \\n\na line break|t|12345678901234567890.1234|0.12345678901234567890123456789012345678|0.1|2024-02-29|"
                    + "2024-02-29 23:59:59.123456|2024-02-29 21:59:59.5+00|{\"a\": [1, null]}",
                "2||f|-0.0001|∅|1e+300|0001-01-01|0001-01-01 00:00:00|9999-12-31 23:59:59.999999+00|[]",
            ],
            await RowsAsync(database, "SELECT id, t, b, n, w, f, d, ts, tz, j FROM orders ORDER BY id"));
        Assert.Equal(
            [
                "ID NUMBER(38,0)", "T VARCHAR(16777216)", "B BOOLEAN", "N NUMBER(38,4)", "W VARCHAR(16777216)", "F FLOAT", "D DATE", "TS TIMESTAMP_NTZ",
                "TZ TIMESTAMP_TZ", "J VARIANT",
            ],
            await ColumnsAsync(database));
    }

    [SkippableFact]
    public async Task JSON_with_one_name_twice_keeps_the_last_value_or_is_a_reject_but_never_stops_the_load()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        FeedColumn[] columns = [new("id", "id", ColumnType.BigInt), new("j", "j", ColumnType.Json)];
        var store = await CreateAsync(
            database,
            f => f with { Schema = new FeedSchema(columns), AuditColumns = AuditColumns.None, FailedRowThreshold = FailedRowThreshold.FromCount(5) });
        Write("a.csv", "id,j\n1,\"{\"\"a\"\": 1, \"\"a\"\": 2}\"\n2,\"{\"\"a\"\": 3}\"\n");

        var run = await store.RunAsync();

        Assert.True(run.Run.Status is RunStatus.Succeeded or RunStatus.SucceededWithRejects, run.Error?.ToString());
        Assert.Contains("2|{\"a\": 3}", await RowsAsync(database, "SELECT id, j FROM orders"));
    }

    [SkippableFact]
    public async Task JSON_that_Snowflake_cannot_parse_is_a_reject()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        FeedColumn[] columns = [new("id", "id", ColumnType.BigInt), new("j", "j", ColumnType.Json)];
        var store = await CreateAsync(
            database,
            f => f with { Schema = new FeedSchema(columns), AuditColumns = AuditColumns.None, FailedRowThreshold = FailedRowThreshold.FromCount(5) });
        Write("a.csv", "id,j\n1,[1]\n2,[1e4000]\n3,\n");

        var run = await store.RunAsync();

        Assert.True(run.Run.Status == RunStatus.SucceededWithRejects, run.Error?.ToString());
        var reject = Assert.Single(await store.History.ListRejectsAsync(run.Run.Id).ToListAsync());
        Assert.Equal(3, reject.Position.Line);
        Assert.Contains("column J: PARSE_JSON does not take the value", reject.Reason, StringComparison.Ordinal);
        Assert.Equal(["1|[1]", "3|∅"], await RowsAsync(database, "SELECT id, j FROM orders ORDER BY id"));
    }

    // Each kind of statement of a first run; the service forgets the ids of requests at once.
    [SkippableTheory]
    [InlineData("CREATE TABLE .*PEAKS3FEED_LOAD")]
    [InlineData("CREATE TABLE .*PEAKS3FEED_LOCK")]
    [InlineData("UPDATE .*PEAKS3FEED_LOCK")]
    [InlineData("CREATE TRANSIENT TABLE .*_ROWS")]
    [InlineData("COPY INTO .*_ROWS")]
    [InlineData("SELECT COUNT.*_ROWS")]
    [InlineData("CREATE TABLE .*ORDERS")]
    [InlineData("CREATE TRANSIENT TABLE .*_COMMIT")]
    [InlineData("COPY INTO .*_COMMIT")]
    [InlineData("EXECUTE IMMEDIATE")]
    [InlineData("DROP TABLE")]
    public async Task A_statement_whose_answer_is_lost_is_sent_again(string statement)
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        database.Tokens = TokenMode.Forget;
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n2\n");
        database.Controls.Add(new ControlRule("lost", $"^SnowflakeApi.Submit {statement}", ControlAction.DropAfter));

        await SucceedAsync(store);

        Assert.Equal(["1", "2"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
        Assert.Empty(await database.StagingTablesAsync());
    }

    [SkippableFact]
    public async Task A_bad_file_is_left_out_with_all_its_rows()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        var store = await CreateAsync(database, f => f with { OnBadFile = BadFileAction.Skip });
        Write("a.csv", "id,note\n1,a\n");
        Write("b.csv", "id,note\n2,b\n3,\"open");
        Write("c.csv", "id,note\n4,d\n");

        var run = await store.RunAsync();

        Assert.Equal(["1|a.csv", "4|c.csv"], await RowsAsync(database, "SELECT id, SUBSTRING(peakauditfilename, 13) FROM orders ORDER BY id"));
        Assert.Equal(1, run.Run.ObjectsFailed);
    }

    [SkippableFact]
    public async Task An_upsert_keeps_the_first_time_and_foreign_columns()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        var store = await CreateAsync(database, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        Write("a.csv", "id,note,j\n1,a,\"{\"\"x\"\": 1}\"\n2,b,\n1,c,\"{\"\"x\"\": 2}\"\n");
        await SucceedAsync(store);
        await database.ExecuteAsync("ALTER TABLE orders ADD COLUMN mine BIGINT");
        await database.ExecuteAsync("UPDATE orders SET mine = 42 WHERE id = 1");
        var before = await RowsAsync(database, "SELECT peakauditcreatedat FROM orders WHERE id = 1");
        Write("b.csv", "id,note,j\n1,d,\"{\"\"x\"\": 3}\"\n3,e,\n");
        await SucceedAsync(store);

        Assert.Equal(
            ["1|d|42|{\"x\": 3}|f", "2|b|∅|∅|t", "3|e|∅|∅|t"],
            await RowsAsync(database, "SELECT id, note, mine, j, peakauditcreatedat = peakauditupdatedat FROM orders ORDER BY id"));
        Assert.Equal(before, await RowsAsync(database, "SELECT peakauditcreatedat FROM orders WHERE id = 1"));
    }

    [SkippableFact]
    public async Task A_reset_feed_adopts_its_table_and_loads_nothing_twice()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n");
        Write("b.csv", "id\n2\n");
        await SucceedAsync(store);
        await store.Engine().ResetAsync(TestStore.FeedName, dropTable: false, default);
        Assert.Equal("TableHoldsRows", (await store.RunAsync()).FeedError?.Id);

        await store.ChangeFeedAsync(f => f with { AdoptTable = true });
        Write("c.csv", "id\n3\n");
        await SucceedAsync(store);
        Assert.Equal(["1", "2", "3"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));

        // The feed is defined again, under another id.
        var again = await store.FeedAsync() with { Id = Guid.NewGuid() };
        await store.Engine().RemoveFeedAsync(TestStore.FeedName, dropTable: false, default);
        await store.AddAsync(again);
        Write("d.csv", "id\n4\n");
        await SucceedAsync(store);
        Assert.Equal(["1", "2", "3", "4"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));

        await store.Engine().ResetAsync(TestStore.FeedName, dropTable: true, default);
        Assert.Empty(await database.FindTablesAsync("orders"));
        await SucceedAsync(store);
        Assert.Equal(["1", "2", "3", "4"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
    }

    [SkippableFact]
    public async Task Objects_of_an_adopted_table_count_as_loaded_before_a_time()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        await database.CreateTableAsync("orders", "id NUMBER(38,0)");
        await database.ExecuteAsync("INSERT INTO orders VALUES (1)");
        Write("a.csv", "id\n1\n");
        File.SetLastWriteTimeUtc(Path.Combine(Folder.Path, "source", "a.csv"), new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Write("b.csv", "id\n2\n");
        var store = await CreateAsync(database, f => f with
        {
            AdoptTable = true, AssumeLoadedBefore = new DateTimeOffset(2024, 6, 1, 0, 0, 0, TimeSpan.Zero), AuditColumns = AuditColumns.None,
        });

        await SucceedAsync(store);

        Assert.Equal(["1", "2"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
        Assert.Equal(RunStatus.NothingToDo, (await store.RunAsync()).Run.Status);
    }

    [SkippableFact]
    public async Task The_test_of_a_destination_tries_what_a_load_needs_and_leaves_nothing()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        var store = await CreateAsync(database, f => f);

        var checks = await store.Engine().TestDestinationAsync("warehouse", default).ToListAsync();

        Assert.All(checks, c => Assert.True(c.Passed, $"{c.Step}: {c.Detail}"));
        Assert.Equal(
            ["Connect", "Role", "Warehouse", "CreateTable", "StagingWrite", "StagingRead", "Stage", "StageList", "Copy", "StagingDelete"],
            checks.Select(c => c.Step));
        Assert.Equal(
            "PEAKS3FEED_WH (X-Small), started; suspends after 60 s without work; 1 credit an hour, and at least one minute each time it resumes",
            checks[2].Detail);
        Assert.Empty(await database.StagedAsync());
        Assert.Empty(await database.FindTablesAsync("%"));
    }

    private static Task<List<string>> ColumnsAsync(SnowflakeDatabase database, string table = "orders") => database.ColumnsAsync(table);
}
