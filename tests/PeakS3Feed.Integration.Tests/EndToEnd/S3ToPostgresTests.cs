using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.EndToEnd;

/// <summary>The whole way with nothing stood in: an assumed role on a real gateway, and PostgreSQL over TLS with its name verified.</summary>
[Trait(Category.Name, Category.Server)]
public class S3ToPostgresTests
{
    [SkippableFact]
    public async Task New_objects_are_appended_once()
    {
        await using var way = await Way.OpenAsync(new S3Feed { Name = "orders", ConnectionName = "ceph" });
        await way.PutAsync("a.csv", "id,name,price,day\n1,Ann,1.50,2026-01-02\n2,\"B, \"\"x\"\"\",2,\n");
        await way.PutAsync("b.csv", "id,name,price,day\n3,Ödön,0.05,2026-02-02\n");

        var first = await way.RunAsync();
        Assert.Equal(RunStatus.Succeeded, first.Run.Status);
        Assert.Equal((2, 3), (first.Run.ObjectsLoaded, first.Run.RowsLoaded));
        Assert.Equal(RunStatus.NothingToDo, (await way.RunAsync()).Run.Status);

        await way.PutAsync("c d+%.csv", "id,name,price,day,extra\n4,Dee,9.99,2026-03-03,7\n");
        Assert.Equal(1, (await way.RunAsync()).Run.RowsLoaded);
        Assert.Equal(
            ["1|Ann|1.50|2026-01-02|∅", "2|B, \"x\"|2.00|∅|∅", "3|Ödön|0.05|2026-02-02|∅", "4|Dee|9.99|2026-03-03|7"],
            await way.Database.QueryAsync("SELECT id, name, price, day, extra FROM orders ORDER BY id"));
        Assert.Equal(
            ["bigint", "numeric(38,2)", "date", "bigint"],
            await way.Database.QueryAsync(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname IN ('id', 'price', 'day', 'extra') ORDER BY attnum"));
        Assert.Equal(ConnectionStatus.Verified, (await way.Store.Engine.Store.ReadAsync()).FindConnection("ceph")!.Status);
    }

    [SkippableFact]
    public async Task An_upsert_keeps_the_last_row_of_a_key_in_loading_order()
    {
        await using var way = await Way.OpenAsync(
            new S3Feed { Name = "people", ConnectionName = "ceph", LoadType = LoadType.Upsert, PrimaryKey = ["id"], CommitEveryObjects = 1 });
        await way.PutAsync("1.csv", "id,name\n1,old\n2,kept\n1,newer\n");
        await way.RunAsync();
        Assert.Equal(["1|newer", "2|kept"], await way.Database.QueryAsync("SELECT id, name FROM people ORDER BY id"));
        var created = await way.Database.QueryAsync("SELECT peakauditcreatedat FROM people WHERE id = 1");

        await way.PutAsync("2.csv", "id,name\n1,newest\n,nobody\n3,third\n");
        await way.Store.EditAsync("people", f => f with { FailedRowThreshold = FailedRowThreshold.FromCount(1) });
        var second = await way.RunAsync();
        Assert.Equal((RunStatus.SucceededWithRejects, 1, 2), (second.Run.Status, second.Run.RowsRejected, second.Run.RowsLoaded));
        Assert.Equal(["1|newest", "2|kept", "3|third"], await way.Database.QueryAsync("SELECT id, name FROM people ORDER BY id"));
        Assert.Equal(created, await way.Database.QueryAsync("SELECT peakauditcreatedat FROM people WHERE id = 1"));
        Assert.Equal(["t"], await way.Database.QueryAsync("SELECT peakauditupdatedat > peakauditcreatedat FROM people WHERE id = 1"));
    }

    [SkippableFact]
    public async Task A_truncate_insert_replaces_all_rows_and_readers_see_the_old_ones_until_then()
    {
        await using var way = await Way.OpenAsync(new S3Feed { Name = "rates", ConnectionName = "ceph", LoadType = LoadType.TruncateInsert });
        var key = await way.PutAsync("r.csv", "id,rate\n1,1.0\n2,2.0\n");
        await way.RunAsync();
        Assert.Equal(RunStatus.NothingToDo, (await way.RunAsync()).Run.Status);
        await way.PutAsync("r.csv", "id,rate\n9,9.0\n");
        Assert.Equal(RunStatus.Succeeded, (await way.RunAsync()).Run.Status);
        Assert.Equal(["9|9.0"], await way.Database.QueryAsync("SELECT id, rate FROM rates"));

        await way.S3.DeleteAsync(key);
        var empty = await way.RunAsync();
        Assert.Equal((RunStatus.Failed, "WouldEmptyTable"), (empty.Run.Status, empty.Run.ErrorId));
        Assert.Equal(["9"], await way.Database.QueryAsync("SELECT id FROM rates"));
    }

    [SkippableTheory]
    [InlineData(ChangedObjectAction.Replace, "3,4")]
    [InlineData(ChangedObjectAction.Append, "1,2,3,4")]
    [InlineData(ChangedObjectAction.Ignore, "1,2")]
    public async Task A_changed_object_stops_the_run_until_somebody_decides(ChangedObjectAction decision, string ids)
    {
        await using var way = await Way.OpenAsync(new S3Feed { Name = "events", ConnectionName = "ceph" });
        await way.PutAsync("e.csv", "id\n1\n2\n");
        await way.RunAsync();
        await way.PutAsync("e.csv", "id\n3\n4\n");
        var stopped = await way.RunAsync();
        Assert.Equal("ChangedObjectUndecided", stopped.FeedError!.Id);
        Assert.Equal(3, stopped.FeedError.Remedies.Count);

        await way.Store.EditAsync("events", f => f with { OnChangedObject = decision });
        await way.RunAsync();
        Assert.Equal([ids], await way.Database.QueryAsync("SELECT string_agg(id::text, ',' ORDER BY id) FROM events"));
    }

    [SkippableFact]
    public async Task A_bad_row_names_its_object_line_and_column_and_nothing_of_the_commit_lands()
    {
        await using var way = await Way.OpenAsync(new S3Feed { Name = "strict", ConnectionName = "ceph" });
        await way.PutAsync("good.csv", "id\n1\n");
        await way.RunAsync();
        var key = await way.PutAsync("z-bad.csv", "id\n2\nthree\n");
        var failed = await way.RunAsync();
        Assert.Equal((RunStatus.Failed, "FailedRowThresholdExceeded"), (failed.Run.Status, failed.Run.ErrorId));
        Assert.Equal((3, "id"), (failed.FeedError!.Position!.Line, failed.FeedError.Position.Column));
        Assert.EndsWith(key, failed.FeedError.Position.ObjectUri, StringComparison.Ordinal);
        Assert.Equal(["1"], await way.Database.QueryAsync("SELECT id FROM strict"));
        var reject = Assert.Single(await way.Store.Engine.History.ListRejectsAsync(failed.Run.Id).ToListAsync());
        Assert.Equal(("three", 5L), (reject.RawText, reject.Position.ByteOffset));
    }

    [SkippableTheory]
    [InlineData(FileType.Json)]
    [InlineData(FileType.Ndjson)]
    public async Task JSON_survives_exactly_and_brings_its_columns(FileType type)
    {
        await using var way = await Way.OpenAsync(
            new S3Feed { Name = "events", ConnectionName = "ceph", FileType = type, FailedRowThreshold = FailedRowThreshold.FromCount(1) });
        await way.PutAsync("a.json", File(
            type,
            """{"id":9007199254740993,"userName":"Ann \u00e9\ud83d\ude00","amount":123456789012345678901234.10,"at":"2026-01-02T03:04:05.678901Z","tags":[1, {"b": "c"}]}""",
            """{"id":-9223372036854775808,"userName":"","amount":0.01,"at":null}"""));
        Assert.Equal(RunStatus.Succeeded, (await way.RunAsync()).Run.Status);

        await way.PutAsync("b.json", File(type, """{"id":3,"UserName":"another column","ok":true}""", """{"id":"4"}"""));
        var second = await way.RunAsync();
        Assert.Equal((RunStatus.SucceededWithRejects, 1L, 1L), (second.Run.Status, second.Run.RowsLoaded, second.Run.RowsRejected));
        Assert.Equal(
            [
                "-9223372036854775808||0.01|∅|∅|∅|∅",
                "3|∅|∅|∅|∅|another column|true",
                "9007199254740993|Ann é😀|123456789012345678901234.10|2026-01-02 03:04:05.678901|[1, {\"b\": \"c\"}]|∅|∅",
            ],
            await way.Database.QueryAsync(
                "SELECT id, user_name, amount, at AT TIME ZONE 'UTC', tags::text, user_name_2, ok::text FROM events ORDER BY id"));
        Assert.Equal(["jsonb"], await way.Database.QueryAsync("SELECT pg_typeof(tags)::text FROM events LIMIT 1"));
        var reject = Assert.Single(await way.Store.Engine.History.ListRejectsAsync(second.Run.Id).ToListAsync());
        Assert.Equal(("id", """{"id":"4"}"""), (reject.Position.Column, reject.RawText));

        static string File(FileType type, params string[] rows) => type == FileType.Json ? $"[{string.Join(",\n", rows)}]" : string.Join('\n', rows);
    }

    /// <summary>One folder on the gateway, one schema, one store, one feed.</summary>
    private sealed class Way : IAsyncDisposable
    {
        private string _feed = "";

        public required CephS3 S3 { get; init; }

        public required PostgresSchema Database { get; init; }

        public required TestStore Store { get; init; }

        public static async Task<Way> OpenAsync(S3Feed feed)
        {
            var s3 = await CephS3.OpenAsync();
            var database = await PostgresSchema.CreateAsync();
            var way = new Way { S3 = s3, Database = database, Store = new TestStore(database.Password), _feed = feed.Name };
            await way.Store.DefineAsync(d => d.With(s3.Connection).With(database.Destination("warehouse")).With(feed with { DestinationNames = ["warehouse"] }));
            return way;
        }

        public Task<string> PutAsync(string name, string content) => S3.PutAsync(name, content);

        public Task<Feeds.Running.RunResult> RunAsync() => Store.RunAsync(_feed, CephS3.Platform);

        public async ValueTask DisposeAsync()
        {
            Store.Dispose();
            await Database.DisposeAsync();
            S3.Dispose();
        }
    }
}
