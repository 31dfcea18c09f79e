using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Integration.ExactlyOnce;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Tables;

/// <summary>Rows of a feed's table, in each kind of destination.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class RowTests : IDisposable
{
    private const string Header = "id,price,weight,day,at,local,ok,text,doc\n";
    private const string LongText = "a \u001b[31m\U0001F600";

    private static readonly FeedSchema Schema = new(
    [
        new("id", "id", ColumnType.BigInt), new("price", "price", ColumnType.Decimal, 2), new("weight", "weight", ColumnType.Double),
        new("day", "day", ColumnType.Date), new("at", "at", ColumnType.TimestampTz), new("local", "local", ColumnType.Timestamp),
        new("ok", "ok", ColumnType.Boolean), new("text", "text", ColumnType.Text), new("doc", "doc", ColumnType.Json),
    ]);

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Kinds => ["SQLite", "PostgreSQL", "Wire", "DataApi", "SqlApi", "Folder", "Ceph"];

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Values_have_the_types_of_a_preview(string kind)
    {
        await using var database = await OpenAsync(kind);
        var store = await CreateAsync(database);
        await ExpectMissingAsync(store);
        var text = LongText + new string('x', 20_000);
        Write("a.csv", Header + $"1,1.50,0.1,2026-01-02,2026-01-02T03:04:05.123456Z,2026-01-02T03:04:05,true,\"{text}\",\"{{\"\"a\"\":[1]}}\"\n2,,,,,,,,\n");
        var run = await SucceedAsync(store);

        var rows = (await ReadAsync(store)).OrderBy(r => r.Values[0]).ToList();
        Assert.Equal(
            Schema.Columns.Select(c => c.Name).Concat(["peakauditcreatedat", "peakauditfilename", "peakauditrequestid"]),
            rows[0].Columns.Select(c => kind == "SqlApi" ? c.ToLowerInvariant() : c));
        if (kind == "SqlApi")
            Assert.All(rows[0].Columns, c => Assert.Equal(c.ToUpperInvariant(), c));
        object?[] typed =
        [
            1L, 1.50m, 0.1, new DateOnly(2026, 1, 2), new DateTimeOffset(2026, 1, 2, 3, 4, 5, 123, 456, TimeSpan.Zero), new DateTime(2026, 1, 2, 3, 4, 5), true, text,
        ];
        Assert.Equal(typed, rows[0].Values.Take(8));
        Assert.Equal(typed.Select(v => v!.GetType()), rows[0].Values.Take(8).Select(v => v!.GetType()));
        Assert.Equal("{\"a\":[1]}", Assert.IsType<string>(rows[0].Values[8]).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(["s3://bucket/a.csv", run.Id.ToString("D")], rows[0].Values.Skip(10));
        Assert.Equal(TimeSpan.Zero, Assert.IsType<DateTimeOffset>(rows[0].Values[9]).Offset);
        Assert.Equal([2L, .. Enumerable.Repeat<object?>(null, 8)], rows[1].Values.Take(9));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Rows_are_chosen_by_run_and_key_and_reading_changes_nothing(string kind)
    {
        await using var database = await OpenAsync(kind);
        var store = await CreateAsync(database, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        Write("it's; DROP TABLE orders.csv", "id,text\n1,a\n2,a\n");
        Write("a.csv", "id,text\n3,b\n4,b\n");
        var first = await SucceedAsync(store);
        Write("c.csv", "id,text\n4,c\n5,c\n");
        var second = await SucceedAsync(store);
        var ledger = database is ExternalTableDatabase ? null : await Snapshot(database);

        // By the name of the file; the destination has its own order within a file.
        var ofFirst = await TextsAsync(store, new() { Run = $"{first.Id}" }, sorts: false);
        Assert.Equal("3 b", ofFirst[0]);
        Assert.Equal(["1 a", "2 a"], ofFirst.Skip(1).Order(StringComparer.Ordinal));
        Assert.Equal(["4 c", "5 c"], await TextsAsync(store, new() { FeedName = null, Run = $"{second.Id}"[..8] }));
        Assert.Equal(["1 a", "2 a"], await TextsAsync(store, new() { Key = "it's; DROP TABLE orders.csv" }));
        Assert.Equal(["3 b"], await TextsAsync(store, new() { Key = "s3://bucket/a.csv", Run = $"{first.Id}" }));
        Assert.Equal(["1 a", "2 a", "3 b", "4 c", "5 c"], await TextsAsync(store, new()));
        Assert.Equal(2, (await TextsAsync(store, new() { First = 2 })).Count);
        Assert.Empty(await TextsAsync(store, new() { Key = "nix.csv" }));
        Assert.Empty(await TextsAsync(store, new() { Run = $"{Guid.NewGuid()}" }));
        if (ledger is not null)
            Assert.Equal(ledger, await Snapshot(database));
        Assert.Equal(RunStatus.NothingToDo, (await store.RunAsync()).Run.Status);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_table_that_was_replaced_or_emptied_shows_what_is_in_it_now(string kind)
    {
        await using var database = await OpenAsync(kind);
        var store = await CreateAsync(database, f => f with { LoadType = LoadType.TruncateInsert, AllowEmpty = true, AuditColumns = AuditColumns.None });
        Write("a.csv", "id,text\n1,a\n");
        await SucceedAsync(store);
        File.Delete(Path.Combine(_folder.Sub("source"), "a.csv"));
        Write("b.csv", "id,text\n2,b\n3,b\n");
        var run = await SucceedAsync(store);
        Assert.Equal(["2 b", "3 b"], await TextsAsync(store, new()));
        var error = await Assert.ThrowsAsync<FeedException>(() => TextsAsync(store, new() { Run = $"{run.Id}" }));
        Assert.Equal("RowsNotTraceable", error.Id);

        Write("b.csv", "id,text\n");
        await store.RunAsync();
        Assert.Empty(await TextsAsync(store, new()));
    }

    [SkippableFact]
    public async Task A_table_of_PostgreSQL_shows_types_and_values_that_no_feed_has()
    {
        await using var database = await PostgreSqlDatabase.CreateAsync(_folder);
        var store = await CreateAsync(database);
        Write("a.csv", "id,day,at\n1,2026-01-02,2026-01-02T00:00:00Z\n");
        await SucceedAsync(store);
        await database.ExecuteAsync(
            """
            ALTER TABLE orders ADD COLUMN "Id" integer, ADD COLUMN "a ""b"" c" text[], ADD COLUMN big numeric, ADD COLUMN token uuid, ADD COLUMN raw bytea;
            UPDATE orders SET "Id" = 7, "a ""b"" c" = '{x,y}', big = 1e40, token = '0f8fad5b-d9cb-469f-a165-70867728950e', raw = '\x00ff', day = 'infinity', at = '-infinity';
            ALTER TABLE orders ALTER COLUMN peakauditrequestid TYPE uuid USING peakauditrequestid::uuid
            """);
        var run = (await store.RunsAsync())[0];
        var row = Assert.Single(await ReadAsync(store, new() { Run = $"{run.Id}" }));
        var values = row.Columns.Zip(row.Values).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        Assert.Equal((7L, 1L), (values["Id"], values["id"]));
        Assert.Equal(("{x,y}", "1" + new string('0', 40), "\\x00ff"), (values["a \"b\" c"], values["big"], values["raw"]));
        Assert.Equal(("infinity", "-infinity", run.Id.ToString("D")), (values["day"], values["at"], values["peakauditrequestid"]));
        Assert.Equal("raw", row.Columns[^4]);
    }

    [SkippableFact]
    public async Task A_table_that_the_user_may_not_read_is_an_error_with_the_servers_reason()
    {
        await using var database = await PostgreSqlDatabase.CreateAsync(_folder);
        var store = await CreateAsync(database);
        Write("a.csv", "id\n1\n");
        await SucceedAsync(store);
        var role = "reader_" + Guid.NewGuid().ToString("N")[..12];
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA {database.Schema} TO {role}");
        try
        {
            await File.WriteAllTextAsync(_folder.File("reader"), "reader");
            await store.Definitions().UpdateAsync(d => d.With(database.Definition with { Username = role, Password = "file:" + _folder.File("reader") }));
            var error = await Assert.ThrowsAsync<FeedException>(() => ReadAsync(store));
            Assert.Equal(("RowsUnreadable", FeedErrorCategory.PermissionDenied, "42501"), (error.Id, error.Category, error.ServiceCode));
            Assert.StartsWith("PostgreSQL ", error.Message, StringComparison.Ordinal);
            Assert.Contains("permission denied", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [SkippableFact]
    public async Task A_reader_of_PostgreSQL_that_takes_long_holds_no_transaction()
    {
        await using var database = await PostgreSqlDatabase.CreateAsync(_folder);
        var store = await CreateAsync(database);
        Write("a.csv", "id\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"{i}\n")));
        await SucceedAsync(store);
        var found = await store.Engine().FindRowsAsync(new() { FeedName = TestStore.FeedName, First = 500 }, null, default);
        await using var rows = found.Rows.GetAsyncEnumerator();
        Assert.True(await rows.MoveNextAsync());
        await database.ExecuteAsync("SET lock_timeout = '5s'; DROP TABLE orders");
        var count = 1;
        while (await rows.MoveNextAsync())
            count++;
        Assert.Equal(100, count);
    }

    private async Task<TestDatabase> OpenAsync(string kind) => kind switch
    {
        "SQLite" => new SqliteDatabase(_folder.File("warehouse.db")),
        "PostgreSQL" => await PostgreSqlDatabase.CreateAsync(_folder),
        "Folder" => ExternalTableDatabase.InFolder(_folder),
        "Ceph" => await ExternalTableDatabase.OnCephAsync(_folder),
        _ => await WarehouseDatabase.CreateAsync(_folder, Enum.Parse<Way>(kind)),
    };

    private Task<TestStore> CreateAsync(TestDatabase database, Func<S3Feed, S3Feed>? configure = null) => TestStore.CreateAsync(
        _folder.File("store"), _folder.Sub("source"), database.Definition,
        f => (configure ?? (g => g))(f with { Schema = Schema }), database.Connections);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Sub("source"), name), text);

    private static async Task<S3FeedRun> SucceedAsync(TestStore store)
    {
        var run = await store.RunAsync();
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        return run.Run;
    }

    private static async Task ExpectMissingAsync(TestStore store)
        => Assert.Equal("TableMissing", (await Assert.ThrowsAsync<FeedException>(() => ReadAsync(store))).Id);

    private static async Task<List<TableRow>> ReadAsync(TestStore store, RowRequest? request = null)
    {
        request ??= new();
        if (request is { FeedName: null, Run: null or { Length: > 8 } })
            request = request with { FeedName = TestStore.FeedName };
        return await (await store.Engine().FindRowsAsync(request, null, default)).Rows.ToListAsync();
    }

    private static async Task<List<string>> TextsAsync(TestStore store, RowRequest request, bool sorts = true)
    {
        var rows = await ReadAsync(store, request);
        var text = rows.Count == 0 ? 0 : rows[0].Columns.ToList().FindIndex(c => string.Equals(c, "text", StringComparison.OrdinalIgnoreCase));
        var texts = rows.Select(r => $"{r.Values[0]} {r.Values[text]}");
        return [.. sorts ? texts.Order(StringComparer.Ordinal) : texts];
    }

    private static async Task<string> Snapshot(TestDatabase database)
        => string.Join('\n', (await database.ReadAsync(("peaks3feed_load", "SELECT * FROM peaks3feed_load"), ("peaks3feed_file", "SELECT * FROM peaks3feed_file")))
            .SelectMany(t => t).Select(r => string.Join('|', r)));
}
