using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Types that change, resets and adoptions on PostgreSQL; and on SQLite, where the table is made again, with the process killed meanwhile.</summary>
[Trait(Category.Name, Category.Server)]
[Trait(Category.Name, Category.Kill)]
public sealed class RetypeTests
{
    [SkippableFact]
    public async Task Types_widen_on_PostgreSQL_with_every_row_as_a_fresh_load_would_make_it()
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        var store = await StoreAsync(folder, database, f => f with { Schema = Schema("bigint", "bigint", "boolean", "decimal(38,2)", "date", "date", "json") });
        Write(folder, "a.csv", "1,7,-12,true,1.5,2024-02-29,0001-01-01,\"[1,2]\"");
        await SucceedAsync(store);
        await database.ExecuteAsync("CREATE INDEX by_a ON orders (a, b)");
        await store.ChangeFeedAsync(f => f with { Schema = Schema("decimal(38,2)", "text", "text", "decimal(38,4)", "timestamp", "text", "text") });
        Write(folder, "b.csv", "2,1.25,many,maybe,2.1234,2024-03-01T12:30:00,soon,none");
        await SucceedAsync(store);

        Assert.Equal(
            ["1|7.00|-12|true|1.5000|2024-02-29 00:00:00|0001-01-01|[1, 2]", "2|1.25|many|maybe|2.1234|2024-03-01 12:30:00|soon|none"],
            (await database.QueryAsync("SELECT n::text, a::text, b, c, d::text, e::text, f, g FROM orders ORDER BY n")).Select(r => string.Join('|', r)));
    }

    [SkippableTheory]
    [InlineData("bigint", "double")]
    [InlineData("double", "text")]
    [InlineData("text", "bigint")]
    public async Task Types_that_lose_something_are_refused_on_PostgreSQL(string from, string to)
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        var store = await StoreAsync(folder, database, f => f with { Schema = Schema(from) });
        Write(folder, "a.csv", "1,7");
        await SucceedAsync(store);
        await store.ChangeFeedAsync(f => f with { Schema = Schema(to) });
        Write(folder, "b.csv", "2,8");

        Assert.Equal("CannotRetype", (await store.RunAsync()).FeedError?.Id);
        Assert.Equal(1L, (await database.QueryAsync("SELECT count(*) FROM orders"))[0][0]);
    }

    [SkippableFact]
    public async Task A_view_that_uses_the_column_is_named_on_PostgreSQL()
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        var store = await StoreAsync(folder, database, f => f with { Schema = Schema("bigint") });
        Write(folder, "a.csv", "1,7");
        await SucceedAsync(store);
        await database.ExecuteAsync("CREATE VIEW sevens AS SELECT a FROM orders WHERE a = 7");
        await store.ChangeFeedAsync(f => f with { Schema = Schema("text") });
        Write(folder, "b.csv", "2,8");

        var error = (await store.RunAsync()).FeedError!;
        Assert.Equal("CannotRetype", error.Id);
        Assert.Contains("view", error.Message, StringComparison.Ordinal);
        await database.ExecuteAsync("DROP VIEW sevens");
        await SucceedAsync(store);
    }

    [SkippableTheory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Adopting_after_a_reset_or_a_removal_loads_nothing_twice_on_PostgreSQL(bool removed, bool oldFormat)
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        var store = await StoreAsync(folder, database, f => f with { Schema = Schema("bigint"), CommitEveryObjects = 1 });
        Write(folder, "a.csv", "1,7");
        Write(folder, "b.csv", "2,8");
        await SucceedAsync(store);
        if (oldFormat)
        {
            await database.ExecuteAsync("ALTER TABLE peaks3feed_lock DROP COLUMN retired_schema_json; ALTER TABLE peaks3feed_load DROP COLUMN retired; ALTER TABLE peaks3feed_file DROP COLUMN retired");
            Assert.Equal(RunStatus.NothingToDo, (await store.RunAsync()).Run.Status);
        }
        var feed = await store.FeedAsync();
        if (removed)
        {
            await store.Engine().RemoveFeedAsync("orders", dropTable: false, default);
            await store.AddAsync(feed with { Id = Guid.NewGuid() });
        }
        else
        {
            await store.Engine().ResetAsync("orders", dropTable: false, default);
        }
        Assert.Equal("TableHoldsRows", (await store.RunAsync()).FeedError?.Id);
        await store.ChangeFeedAsync(f => f with { AdoptTable = true });
        Assert.Equal(0, (await SucceedAsync(store)).RowsLoaded);
        Write(folder, "c.csv", "3,9");
        Assert.Equal(1, (await SucceedAsync(store)).RowsLoaded);

        Assert.Equal(["1|7", "2|8", "3|9"], (await database.QueryAsync("SELECT n, a FROM orders ORDER BY n")).Select(r => string.Join('|', r)));
        Assert.Equal([1L, 2L, 3L], (await database.QueryAsync("SELECT sequence FROM peaks3feed_load ORDER BY 1")).Select(r => (long)r[0]!));
    }

    [SkippableFact]
    public async Task Rows_without_a_ledger_are_refused_until_a_time_is_given_on_PostgreSQL()
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        var store = await StoreAsync(folder, database, f => f with { Schema = Schema("bigint"), AdoptTable = true });
        Write(folder, "a.csv", "1,7");
        Write(folder, "b.csv", "2,8");
        await SucceedAsync(store);
        await database.ExecuteAsync("DROP TABLE peaks3feed_lock, peaks3feed_load, peaks3feed_file");
        Assert.Equal("TableHoldsFeedRows", (await store.RunAsync()).FeedError?.Id);

        await store.ChangeFeedAsync(f => f with { AssumeLoadedBefore = DateTimeOffset.UtcNow.AddDays(1) });
        var run = await SucceedAsync(store);
        Assert.Equal((0, "ObjectsAssumedLoaded"), (run.RowsLoaded, Assert.Single(run.Warnings).Id));
        Assert.Equal(RunStatus.NothingToDo, (await store.RunAsync()).Run.Status);
        Assert.Equal(2L, (await database.QueryAsync("SELECT count(*) FROM orders"))[0][0]);
    }

    [SkippableTheory]
    [InlineData(CommitStep.Prepared)]
    [InlineData(CommitStep.Writing)]
    [InlineData(CommitStep.Recorded)]
    [InlineData(CommitStep.Committing)]
    [InlineData(CommitStep.Committed)]
    public async Task A_process_that_is_killed_while_SQLite_makes_the_table_again_leaves_the_old_one_or_the_new_one(CommitStep step)
    {
        using var folder = new TestFolder();
        await using var database = new SqliteDatabase(folder.File("warehouse.db"));
        var store = await StoreAsync(folder, database, f => f with { Schema = Schema("boolean") });
        Write(folder, "a.csv", "1,true", "2,false");
        await SucceedAsync(store);
        await database.ExecuteAsync("CREATE TABLE children (n INTEGER PRIMARY KEY, parent INTEGER REFERENCES orders (n) ON DELETE CASCADE); CREATE UNIQUE INDEX by_n ON orders (n); INSERT INTO children VALUES (1, 1)");
        await store.ChangeFeedAsync(f => f with { Schema = Schema("text") });
        Write(folder, "b.csv", "3,maybe");
        using (var host = HostProcess.StartKilledAt(store, step))
            Assert.True((await host.WaitAsync()).WasKilled);

        var after = (await database.QueryAsync("SELECT a FROM orders ORDER BY n")).Select(r => $"{r[0]}");
        Assert.Equal(step == CommitStep.Committed ? ["true", "false", "maybe"] : (string[])["1", "0"], after);
        await store.RunAsync();
        Assert.Equal(["true", "false", "maybe"], (await database.QueryAsync("SELECT a FROM orders ORDER BY n")).Select(r => $"{r[0]}"));
        Assert.Equal(["1"], (await database.QueryAsync("SELECT n FROM children")).Select(r => $"{r[0]}"));
        Assert.Equal(["by_n"], (await database.QueryAsync("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'orders'")).Select(r => $"{r[0]}"));
    }

    private static async Task<S3FeedRun> SucceedAsync(TestStore store)
    {
        var result = await store.RunAsync();
        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString() ?? result.Run.Status.ToString());
        return result.Run;
    }

    private static Task<TestStore> StoreAsync(TestFolder folder, TestDatabase database, Func<S3Feed, S3Feed> configure)
        => TestStore.CreateAsync(folder.File("store"), folder.Sub("source"), database.Definition, configure);

    // Columns n, a, b and so on, as many as the first row has fields; a text in quotes is one.
    private static void Write(TestFolder folder, string name, params string[] rows)
    {
        var fields = System.Text.RegularExpressions.Regex.Replace(rows[0], "\"[^\"]*\"", "").Count(c => c == ',');
        var header = string.Join(',', Enumerable.Range(0, fields).Select(i => $"{(char)('a' + i)}").Prepend("n"));
        File.WriteAllText(Path.Combine(folder.Path, "source", name), $"{header}\n{string.Join('\n', rows)}\n");
    }

    private static FeedSchema Schema(params string[] types) => new(
        [new FeedColumn("n", "n", ColumnType.BigInt), .. types.Select((t, i) => Column($"{(char)('a' + i)}", t))]);

    private static FeedColumn Column(string name, string type) => type.StartsWith("decimal", StringComparison.Ordinal)
        ? new FeedColumn(name, name, ColumnType.Decimal, int.Parse(type[11..^1], System.Globalization.CultureInfo.InvariantCulture))
        : new FeedColumn(name, name, Enum.Parse<ColumnType>(type, ignoreCase: true));
}
