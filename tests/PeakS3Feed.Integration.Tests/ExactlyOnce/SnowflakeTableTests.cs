using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>How tables in Snowflake follow their feeds: columns, names, types and sizes.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class SnowflakeTableTests : WarehouseFeed
{
    [SkippableFact]
    public async Task New_columns_are_added_also_within_a_load_and_columns_grow()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        await database.CreateTableAsync("orders", "id NUMBER(5,0), note VARCHAR(5)");
        var store = await CreateAsync(database, f => f with { SchemaEvolution = SchemaEvolution.AddColumns, AuditColumns = AuditColumns.None });
        Write("a.csv", "id,note\n1,short\n");
        await SucceedAsync(store);
        Write("b.csv", "id,note,extra\n1234567890123," + new string('x', 300) + ",7\n");
        Write("c.csv", "id,note\n3," + new string('ü', 20_000) + "\n");
        await SucceedAsync(store);
        Write("d.csv", "id,note,extra,more\n4,again,8,9\n");
        await SucceedAsync(store);

        Assert.Equal(
            ["1|5|∅|∅", "3|20000|∅|∅", "4|5|8|9", "1234567890123|300|7|∅"],
            await RowsAsync(database, "SELECT id, LENGTH(note), extra, more FROM orders ORDER BY id"));
        Assert.Equal(
            ["ID NUMBER(38,0)", "NOTE VARCHAR(16777216)", "EXTRA NUMBER(38,0)", "MORE NUMBER(38,0)"], await ColumnsAsync(database));
    }

    [SkippableFact]
    public async Task A_type_that_Snowflake_cannot_change_is_an_error_that_says_so()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        FeedColumn[] before = [new("id", "id", ColumnType.BigInt), new("n", "n", ColumnType.BigInt)];
        var store = await CreateAsync(database, f => f with { Schema = new FeedSchema(before), AuditColumns = AuditColumns.None });
        Write("a.csv", "id,n\n1,2\n");
        await SucceedAsync(store);
        await store.ChangeFeedAsync(f => f with { Schema = new FeedSchema([before[0], before[1] with { Type = ColumnType.Decimal, Scale = 2 }]) });
        Write("b.csv", "id,n\n2,2.5\n");

        var run = await store.RunAsync();

        Assert.Equal("CannotRetype", run.FeedError?.Id);
        Assert.Contains("the destination cannot change the type of a column", run.FeedError!.Message, StringComparison.Ordinal);
        Assert.Equal(["1|2"], await RowsAsync(database, "SELECT id, n FROM orders"));
    }

    // Snowflake renames outside the transaction: a load that is tried again would rename a second time.
    [SkippableTheory]
    [InlineData("two", "one")]
    [InlineData("two", "three")]
    public async Task Columns_that_would_take_each_others_names_are_refused_before_anything_changes(string first, string second)
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        FeedColumn[] before = [new("id", "id", ColumnType.BigInt), new("one", "a", ColumnType.Text), new("two", "b", ColumnType.Text)];
        FeedColumn[] after = [before[0], before[1] with { Name = first }, before[2] with { Name = second }];
        var store = await CreateAsync(database, f => f with { Schema = new FeedSchema(before), AuditColumns = AuditColumns.None });
        Write("a.csv", "id,a,b\n1,x,y\n");
        await SucceedAsync(store);
        await store.ChangeFeedAsync(f => f with { Schema = new FeedSchema(after) });
        Write("b.csv", "id,a,b\n2,x,y\n");

        Assert.Equal("RenameInTwoSteps", (await store.RunAsync()).FeedError?.Id);

        Assert.Equal(["1|x|y"], await RowsAsync(database, "SELECT id, one, two FROM orders"));
    }

    [SkippableFact]
    public async Task A_column_whose_new_name_leaves_its_old_one_to_a_new_column_is_refused()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        FeedColumn[] before = [new("id", "id", ColumnType.BigInt), new("one", "a", ColumnType.Text)];
        FeedColumn[] after = [before[0], before[1] with { Name = "two" }, new("one", "c", ColumnType.Text)];
        var store = await CreateAsync(database, f => f with { Schema = new FeedSchema(before), AuditColumns = AuditColumns.None });
        Write("a.csv", "id,a\n1,x\n");
        await SucceedAsync(store);
        await store.ChangeFeedAsync(f => f with { Schema = new FeedSchema(after) });
        Write("b.csv", "id,a,c\n2,x,z\n");

        Assert.Equal("RenameInTwoSteps", (await store.RunAsync()).FeedError?.Id);
    }

    [SkippableFact]
    public async Task A_column_is_renamed_once_also_where_the_commit_is_tried_again()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        FeedColumn[] before = [new("id", "id", ColumnType.BigInt), new("one", "a", ColumnType.Text)];
        var store = await CreateAsync(database, f => f with { Schema = new FeedSchema(before), AuditColumns = AuditColumns.None });
        Write("a.csv", "id,a\n1,x\n");
        await SucceedAsync(store);
        await store.ChangeFeedAsync(f => f with { Schema = new FeedSchema([before[0], before[1] with { Name = "two" }]) });
        Write("b.csv", "id,a\n2,y\n");
        database.Controls.Add(database.Conflict("^INSERT INTO .*peaks3feed_load"));

        await SucceedAsync(store);

        Assert.Equal(["1|x", "2|y"], await RowsAsync(database, "SELECT id, two FROM orders ORDER BY id"));
    }

    [SkippableFact]
    public async Task A_time_with_too_few_digits_is_another_type()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        await database.CreateTableAsync("orders", "id NUMBER(38,0), t TIMESTAMP_NTZ(3)");
        FeedColumn[] columns = [new("id", "id", ColumnType.BigInt), new("t", "t", ColumnType.Timestamp)];
        var store = await CreateAsync(database, f => f with { Schema = new FeedSchema(columns), AuditColumns = AuditColumns.None });
        Write("a.csv", "id,t\n1,2024-01-01 00:00:00.123456\n");

        var run = await store.RunAsync();

        Assert.Equal("ColumnTypeDiffers", run.FeedError?.Id);
        Assert.Contains("TIMESTAMP_NTZ(3)", run.FeedError!.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Names_are_upper_case_may_be_reserved_and_have_255_bytes()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        var table = "Orders_" + new string('t', 240);
        var column = new string('c', 255);
        var store = await CreateAsync(database, f => f with { Table = table });
        Write("a.csv", $"id,Day,{column},select,{new string('x', 300)},a\"\"b'c\n1,2024-01-01,x,y,z,q\n");
        await SucceedAsync(store);
        Write("b.csv", $"id,Day,{column},select\n2,2024-01-02,x,z\n");
        await SucceedAsync(store);

        var columns = (await ColumnsAsync(database, table)).ConvertAll(c => c.Split(' ')[0]);
        Assert.Equal(["ID", "DAY", column.ToUpperInvariant(), "SELECT"], columns[..4]);
        Assert.Matches("^X{246}_[0-9A-F]{8}$", columns[4]);
        Assert.Equal(["A_B_C", "PEAKAUDITCREATEDAT", "PEAKAUDITFILENAME", "PEAKAUDITREQUESTID"], columns[^4..]);
        Assert.Equal(RunStatus.NothingToDo, (await store.RunAsync()).Run.Status);
    }

    [SkippableFact]
    public async Task A_column_with_a_quoted_name_in_lower_case_is_an_error_that_says_how_to_rename_it()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        await database.CreateTableAsync("orders", "\"id\" NUMBER(38,0)");
        var store = await CreateAsync(database, f => f with { AuditColumns = AuditColumns.None });
        Write("a.csv", "id\n1\n");

        var run = await store.RunAsync();

        Assert.Equal("ColumnCaseDiffers", run.FeedError?.Id);
        Assert.Contains("RENAME COLUMN \"id\" TO \"ID\"", run.FeedError!.Hint, StringComparison.Ordinal);
        Assert.Empty(await database.StagedAsync());
        var plan = await store.Engine().PlanAsync(TestStore.FeedName, null, default);
        Assert.Equal("ColumnCaseDiffers", plan.Obstacle?.Id);
    }

    [SkippableFact]
    public async Task An_audit_column_with_a_quoted_name_in_lower_case_is_an_error_too()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        await database.CreateTableAsync("orders", "id NUMBER(38,0), \"peakauditfilename\" VARCHAR");
        var store = await CreateAsync(database, f => f);
        Write("a.csv", "id\n1\n");

        var run = await store.RunAsync();

        Assert.Equal("ColumnCaseDiffers", run.FeedError?.Id);
        Assert.Contains("\"peakauditfilename\"", run.FeedError!.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Of_columns_that_differ_only_in_case_the_one_in_upper_case_is_loaded()
    {
        await using var database = await SnowflakeDatabase.StartAsync(Folder);
        await database.CreateTableAsync("orders", "\"id\" NUMBER(5,0), id NUMBER(38,0), \"Id\" NUMBER(5,0)");
        var store = await CreateAsync(database, f => f with { AuditColumns = AuditColumns.None });
        Write("a.csv", "id\n1234567\n");

        await SucceedAsync(store);

        Assert.Equal(["1234567|∅"], await RowsAsync(database, "SELECT id, \"id\" FROM orders"));
    }

    private static Task<List<string>> ColumnsAsync(SnowflakeDatabase database, string table = "orders") => database.ColumnsAsync(table);
}
