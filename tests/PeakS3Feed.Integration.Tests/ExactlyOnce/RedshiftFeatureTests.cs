using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What feeds can do with a table in Redshift, on both ways in.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RedshiftFeatureTests : RedshiftFeed
{
    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Every_type_arrives_as_it_was_read(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        FeedColumn[] columns =
        [
            new("id", "id", ColumnType.BigInt), new("t", "t", ColumnType.Text), new("b", "b", ColumnType.Boolean), new("n", "n", ColumnType.Decimal, 4),
            new("f", "f", ColumnType.Double), new("d", "d", ColumnType.Date), new("ts", "ts", ColumnType.Timestamp),
            new("tz", "tz", ColumnType.TimestampTz), new("j", "j", ColumnType.Json),
        ];
        var store = await CreateAsync(database, f => f with { Schema = new FeedSchema(columns), AuditColumns = AuditColumns.None });
        Write("a.csv", """
            id,t,b,n,f,d,ts,tz,j
            1,"a ""quoted"" text, with
            a line break",true,12345678901234567890.1234,0.1,2024-02-29,2024-02-29 23:59:59.123456,2024-02-29T23:59:59.5+02:00,"{""a"": [1, null]}"
            2,"",false,-0.0001,1e300,0001-01-01,0001-01-01 00:00:00,9999-12-31T23:59:59.999999Z,[]
            -9223372036854775808,日本語 🎈,,,,,,,
            """);

        await SucceedAsync(store);

        var rows = await RowsAsync(
            database,
            "SELECT id, t, b, n, f, d, ts, tz, json_serialize(j) FROM orders ORDER BY id");
        Assert.Equal(
            [
                "-9223372036854775808|日本語 🎈|∅|∅|∅|∅|∅|∅|∅",
                "1|a \"quoted\" text, with\na line break|t|12345678901234567890.1234|0.1|2024-02-29|2024-02-29 23:59:59.123456|2024-02-29 21:59:59.5+00|{\"a\": [1, null]}",
                "2||f|-0.0001|1e+300|0001-01-01|0001-01-01 00:00:00|9999-12-31 23:59:59.999999+00|[]",
            ],
            rows);
        Assert.Equal(
            ["bigint", "varchar(256)", "boolean", "numeric(38,4)", "double precision", "date", "timestamp", "timestamptz", "super"],
            await TypesAsync(database));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task New_columns_are_added_also_within_a_load_and_text_columns_grow(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f with { SchemaEvolution = SchemaEvolution.AddColumns, AuditColumns = AuditColumns.None });
        Write("a.csv", "id,note\n1,short\n");
        await SucceedAsync(store);
        Write("b.csv", "id,note,extra\n2," + new string('x', 300) + ",7\n");
        Write("c.csv", "id,note\n3," + new string('ü', 20_000) + "\n");
        // Somebody else, or an attempt whose answer was lost, has added the column.
        await database.ExecuteAsync($"ALTER TABLE {database.Schema}.orders ADD COLUMN extra BIGINT");
        await SucceedAsync(store);
        Write("d.csv", "id,note,extra,more\n4,again,8,9\n");
        await SucceedAsync(store);

        Assert.Equal(
            ["1|5|∅|∅", "2|300|7|∅", "3|40000|∅|∅", "4|5|8|9"], await RowsAsync(database, "SELECT id, octet_length(note), extra, more FROM orders ORDER BY id"));
        Assert.Equal(["bigint", "varchar(65535)", "bigint", "bigint"], await TypesAsync(database));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_column_that_is_renamed_grows_in_the_same_load(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        FeedColumn[] before = [new("id", "id", ColumnType.BigInt), new("one", "a", ColumnType.Text), new("two", "b", ColumnType.Text)];
        FeedColumn[] swapped = [before[0], before[1] with { Name = "two" }, before[2] with { Name = "one" }];
        var store = await CreateAsync(database, f => f with { Schema = new FeedSchema(before), AuditColumns = AuditColumns.None });
        Write("a.csv", "id,a,b\n1,short,short\n");
        await SucceedAsync(store);
        await store.ChangeFeedAsync(f => f with { Schema = new FeedSchema(swapped) });
        Write("b.csv", "id,a,b\n2," + new string('x', 300) + ",short\n");

        await SucceedAsync(store);

        Assert.Equal(["1|5|5", "2|300|5"], await RowsAsync(database, "SELECT id, octet_length(two), octet_length(one) FROM orders ORDER BY id"));
        Assert.Equal(["bigint", "varchar(1024)", "varchar(256)"], await TypesAsync(database));
    }

    [SkippableTheory]
    [InlineData(Way.Wire, null)]
    [InlineData(Way.DataApi, "TooManyStatements")]
    public async Task Many_columns_that_are_renamed_at_once_meet_the_limit_of_the_Data_API_alone(Way way, string? error)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        FeedSchema Names(string prefix) => new(Enumerable.Range(0, 40).Select(i => new FeedColumn($"{prefix}{i}", $"f{i}", ColumnType.BigInt)));
        var store = await CreateAsync(database, f => f with { Schema = Names("old"), AuditColumns = AuditColumns.None });
        var header = string.Join(',', Enumerable.Range(0, 40).Select(i => $"f{i}"));
        var values = string.Join(',', Enumerable.Range(0, 40));
        Write("a.csv", $"{header}\n{values}\n");
        await SucceedAsync(store);
        await store.ChangeFeedAsync(f => f with { Schema = Names("new") });
        Write("b.csv", $"{header}\n{values}\n");

        var run = await store.RunAsync();

        Assert.Equal(error, run.FeedError?.Id);
        Assert.Equal([error is null ? "2" : "1"], await RowsAsync(database, "SELECT COUNT(*) FROM orders"));
    }

    [SkippableTheory]
    [InlineData(Way.Wire, null)]
    [InlineData(Way.DataApi, "StatementTooLong")]
    public async Task A_thousand_columns_with_long_names_meet_the_limit_of_the_Data_API_alone(Way way, string? error)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f with { AuditColumns = AuditColumns.None });
        var header = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"column{i}_{new string('x', 100)}"));
        Write("a.csv", $"{header}\n{string.Join(',', Enumerable.Range(0, 1000))}\n");

        var run = await store.RunAsync();

        Assert.Equal(error, run.FeedError?.Id);
        Assert.Empty(await database.StagedAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_bad_file_is_left_out_with_all_its_rows(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f with { OnBadFile = BadFileAction.Skip });
        Write("a.csv", "id,note\n1,a\n");
        Write("b.csv", "id,note\n2,b\n3,\"open");
        Write("c.csv", "id,note\n4,d\n");

        var run = await store.RunAsync();

        Assert.Equal(["1|a.csv", "4|c.csv"], await RowsAsync(database, "SELECT id, substring(peakauditfilename, 13) FROM orders ORDER BY id"));
        Assert.Equal(1, run.Run.ObjectsFailed);
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task An_upsert_keeps_the_first_time_and_foreign_columns(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        Write("a.csv", "id,note\n1,a\n2,b\n1,c\n");
        await SucceedAsync(store);
        await database.ExecuteAsync($"ALTER TABLE {database.Schema}.orders ADD COLUMN mine BIGINT");
        await database.ExecuteAsync($"UPDATE {database.Schema}.orders SET mine = 42 WHERE id = 1");
        var before = await RowsAsync(database, "SELECT peakauditcreatedat FROM orders WHERE id = 1");
        Write("b.csv", "id,note\n1,d\n3,e\n");
        await SucceedAsync(store);

        Assert.Equal(
            ["1|d|42|f", "2|b|∅|t", "3|e|∅|t"],
            await RowsAsync(database, "SELECT id, note, mine, peakauditcreatedat = peakauditupdatedat FROM orders ORDER BY id"));
        Assert.Equal(before, await RowsAsync(database, "SELECT peakauditcreatedat FROM orders WHERE id = 1"));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task A_reset_feed_adopts_its_table_and_loads_nothing_twice(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
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
        await SucceedAsync(store);
        Assert.Equal(["1", "2", "3", "4"], await RowsAsync(database, "SELECT id FROM orders ORDER BY id"));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Objects_of_an_adopted_table_count_as_loaded_before_a_time(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        await database.ExecuteAsync($"CREATE TABLE {database.Schema}.orders (id BIGINT)");
        await database.ExecuteAsync($"INSERT INTO {database.Schema}.orders VALUES (1)");
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

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Names_are_folded_and_may_have_127_bytes_and_keys_order_new_tables(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var table = "Orders_" + new string('t', 120);
        var column = new string('c', 127);
        var store = await CreateAsync(
            database, f => f with { Table = table, AuditColumns = AuditColumns.None }, d => d with { DistKey = "ID", SortKey = ["day", "id"] });
        var tooLong = new string('x', 200);
        Write("a.csv", $"id,Day,{column},select,{tooLong}\n1,2024-01-01,x,y,z\n");
        await SucceedAsync(store);
        Write("b.csv", $"id,Day,{column},select\n2,2024-01-02,x,z\n");
        await SucceedAsync(store);

        var columns = await RowsAsync(
            database,
            "SELECT column_name, distkey, sortkey FROM svv_redshift_columns "
            + $"WHERE schema_name = '{database.Schema}' AND table_name = '{table.ToLowerInvariant()}' ORDER BY ordinal_position");
        Assert.Equal(["id|t|2", "day|f|1", $"{column}|f|0", "select|f|0"], columns[..4]);
        Assert.Matches("^x{118}_[0-9a-f]{8}\\|f\\|0$", columns[4]);
        Assert.Equal(["2"], await RowsAsync(database, $"SELECT COUNT(*) FROM \"{table}\""));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Without_a_role_the_warehouse_copies_with_its_default_role(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f, d => d with { IamRole = null });
        Write("a.csv", "id\n1\n");
        await SucceedAsync(store);

        Assert.Equal(["1"], await RowsAsync(database, "SELECT id FROM orders"));
        Assert.Contains(database.Server.Controls.Statements, s => s.Contains("IAM_ROLE default", StringComparison.Ordinal));
        Assert.All(await store.Engine().TestDestinationAsync("warehouse", default).ToListAsync(), c => Assert.True(c.Passed, $"{c.Step}: {c.Detail}"));
    }

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task The_test_of_a_destination_tries_what_a_load_needs_and_leaves_nothing(Way way)
    {
        await using var database = await RedshiftDatabase.StartAsync(Folder, way);
        var store = await CreateAsync(database, f => f);
        var denied = database.Definition with { Name = "denied", IamRole = RedshiftDatabase.Role + "-denied" };
        await store.Definitions().UpdateAsync(d => d.With(denied));

        var good = await store.Engine().TestDestinationAsync("warehouse", default).ToListAsync();
        var bad = await store.Engine().TestDestinationAsync("denied", default).ToListAsync();

        Assert.All(good, c => Assert.True(c.Passed, $"{c.Step}: {c.Detail}"));
        Assert.Equal(["Connect", "CreateTable", "StagingWrite", "StagingRead", "Copy", "StagingDelete"], good.Select(c => c.Step));
        var copy = Assert.Single(bad, c => !c.Passed);
        Assert.Equal("Copy", copy.Step);
        Assert.Contains("may read the files of connection staging", copy.Hint, StringComparison.Ordinal);
        Assert.Empty(await database.StagedAsync());
        Assert.Empty(await database.FindTablesAsync("%"));
    }
}
