using System.Globalization;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Feeds;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.TestLake;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.EndToEnd;

/// <summary>Several feeds at the same time, from a real S3 into a real PostgreSQL, SQLite and a table on S3, with nothing stood in.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class FeedsAtOnceTests
{
    private const int Files = 3;
    private const int RowsPerFile = 4_000;

    // The connection is not verified, and nothing exists yet: no ledger, no table, no state.db.
    [SkippableFact]
    public async Task Six_first_runs_at_once_load_each_row_once()
    {
        await using var way = await Way.OpenAsync();
        string[] feeds = ["pg_a", "pg_b", "pg_c", "pg_d", "lite_a", "lite_b"];
        foreach (var feed in feeds)
            await way.AddAsync(Feed(feed, feed.StartsWith("pg", StringComparison.Ordinal) ? "warehouse" : "local"), start: 0);

        var outcomes = await way.RunAsync(6, feeds);

        Assert.Equal(feeds.Order(), outcomes.Select(o => o.Feed).Order());
        Assert.All(outcomes, o => Assert.Equal((RunStatus.Succeeded, Files * RowsPerFile), (o.Result!.Run.Status, o.Result.Run.RowsLoaded)));
        foreach (var feed in feeds[..4])
            Assert.Equal(Exact(feeds: 1), await way.Database.QueryAsync($"SELECT count(*), count(DISTINCT id), min(id), max(id) FROM {feed}"));
        foreach (var feed in feeds[4..])
            Assert.Equal(Exact(feeds: 1), [way.Local($"SELECT count(*) || '|' || count(DISTINCT id) || '|' || min(id) || '|' || max(id) FROM {feed}")]);
        Assert.All(await way.RunAsync(6, feeds), o => Assert.Equal(RunStatus.NothingToDo, o.Result!.Run.Status));
    }

    // Each file of each feed has a column of its own, so that each load changes the table.
    [SkippableTheory]
    [InlineData("warehouse")]
    [InlineData("local")]
    [InlineData("tables")]
    public async Task Feeds_that_share_a_table_load_as_one_after_the_other(string destination)
    {
        await using var way = await Way.OpenAsync();
        string[] feeds = ["a", "b", "c", "d"];
        foreach (var (index, feed) in feeds.Index())
        {
            await way.AddAsync(
                Feed(feed, destination) with { Table = "shared", AdoptTable = true, CommitEveryObjects = 1 },
                start: index * Files * RowsPerFile, column: feed);
        }

        var outcomes = await way.RunAsync(4, feeds);

        Assert.All(outcomes, o => Assert.True(o.Result!.Error is null, o.Result.Error?.ToString()));
        Assert.All(outcomes, o => Assert.Equal((RunStatus.Succeeded, Files * RowsPerFile), (o.Result!.Run.Status, o.Result.Run.RowsLoaded)));
        // The runs follow each other in the given order.
        Assert.Equal(feeds, outcomes.Select(o => o.Feed));
        Assert.All(outcomes.Zip(outcomes.Skip(1)), p => Assert.True(p.First.Result!.Run.EndedAt <= p.Second.Result!.Run.StartedAt));
        Assert.Equal(feeds.Length * Files * RowsPerFile, outcomes.Sum(o => o.Result!.Run.RowsLoaded));
        if (destination == "warehouse")
            Assert.Equal(Exact(feeds: 4), await way.Database.QueryAsync("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM shared"));
        if (destination == "local")
            Assert.Equal(Exact(feeds: 4), [way.Local("SELECT count(*) || '|' || count(DISTINCT id) || '|' || min(id) || '|' || max(id) FROM shared")]);
        if (destination == "tables")
            Assert.Equal(Exact(feeds: 4), [way.Table("shared")]);
        Assert.All(await way.RunAsync(4, feeds), o => Assert.Equal(RunStatus.NothingToDo, o.Result!.Run.Status));
    }

    [SkippableFact]
    public async Task A_run_that_is_stopped_and_one_that_fails_leave_the_others_alone()
    {
        await using var way = await Way.OpenAsync();
        foreach (var feed in new[] { "a", "b", "c" })
            await way.AddAsync(Feed(feed, "warehouse"), start: 0);
        await way.S3.PutAsync("c/z.csv", "id,name\n1,x,y\n");
        // The table of feed b is locked until its run is asked to stop.
        await way.Database.ExecuteAsync($"CREATE TABLE {way.Database.Name}.b (id bigint, name text)");
        await way.Store.EditAsync("b", f => f with { AdoptTable = true, AuditColumns = AuditColumns.None });
        await using var held = await way.Database.HoldAsync("LOCK TABLE b IN ACCESS EXCLUSIVE MODE");
        var running = way.RunAsync(3, "a", "b", "c");
        await TestLimits.UntilAsync(
            async () => (await way.Store.Engine.History.ListAsync().ToListAsync()).Count(r => r.Status != RunStatus.Running) == 2, "end of the two other runs");
        var stopped = await way.Store.Engine.History.ListAsync().FirstAsync(r => r.FeedName == "b");
        Assert.True(await way.Store.Engine.History.RequestStopAsync(stopped.Id));

        var outcomes = (await running.WaitAsync(TestLimits.Hang)).ToDictionary(o => o.Feed, o => o.Result!.Run);
        Assert.Equal(RunStatus.Succeeded, outcomes["a"].Status);
        Assert.Equal(RunStatus.Canceled, outcomes["b"].Status);
        Assert.Equal((RunStatus.Failed, "FailedRowThresholdExceeded"), (outcomes["c"].Status, outcomes["c"].ErrorId));
        Assert.Equal(Exact(feeds: 1), await way.Database.QueryAsync("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM a"));
    }

    private static S3Feed Feed(string name, string destination)
        => new() { Id = Guid.NewGuid(), Name = name, ConnectionName = "ceph", DestinationNames = [destination] };

    private static List<string> Exact(int feeds)
    {
        var rows = feeds * Files * RowsPerFile;
        return [string.Create(CultureInfo.InvariantCulture, $"{rows}|{rows}|0|{rows - 1}")];
    }

    private sealed class Way : IAsyncDisposable
    {
        public required CephS3 S3 { get; init; }

        public required PostgresSchema Database { get; init; }

        public required TestStore Store { get; init; }

        public static async Task<Way> OpenAsync()
        {
            var s3 = await CephS3.OpenAsync();
            var database = await PostgresSchema.CreateAsync();
            var way = new Way { S3 = s3, Database = database, Store = new TestStore(database.Password) };
            var lake = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(way.Store.LocalDatabase)!, "lake"));
            await way.Store.DefineAsync(d => d.With(s3.Connection).With(database.Destination("warehouse"))
                .With(new Connections.S3Connection { Name = "lake", BucketName = "lake", EndpointUrl = new Uri(lake.FullName + "/").AbsoluteUri })
                .With(new S3ExternalDestination { Name = "tables", ConnectionName = "lake", RootPath = "tables/" }));
            return way;
        }

        // Rows are numbered from a start on. A column of each file's own, if it has a name.
        public async Task AddAsync(S3Feed feed, int start, string? column = null)
        {
            await Store.DefineAsync(d => d.With(feed with { Path = $"{S3.Folder}{feed.Name}/" }));
            for (var file = 0; file < Files; file++)
            {
                var first = start + (file * RowsPerFile);
                var extra = column is null ? "" : string.Create(CultureInfo.InvariantCulture, $",{column}{file}");
                var rows = Enumerable.Range(first, RowsPerFile).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},name {i}{(column is null ? "" : ",x")}\n"));
                await S3.PutAsync(string.Create(CultureInfo.InvariantCulture, $"{feed.Name}/{file}.csv"), $"id,name{extra}\n{string.Concat(rows)}");
            }
        }

        public async Task<List<FeedOutcome>> RunAsync(int limit, params string[] feeds)
            => await new FeedBatch(Store.Engine, new FeedBatchOptions { Limit = limit, AccessKey = CephS3.Platform }).RunAsync(feeds).ToListAsync();

        public string Local(string sql)
        {
            using var connection = new SqliteConnection($"Data Source={Store.LocalDatabase};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return (string)command.ExecuteScalar()!;
        }

        // No load of these feeds removes a file.
        public string Table(string table)
        {
            using var duck = new DuckDb();
            var files = Path.Combine(Path.GetDirectoryName(Store.LocalDatabase)!, "lake", "tables", table, "*.parquet").Replace('\\', '/');
            return (string)duck.Value($"SELECT count(*) || '|' || count(DISTINCT id) || '|' || min(id) || '|' || max(id) FROM read_parquet('{files}', union_by_name = true)")!;
        }

        public async ValueTask DisposeAsync()
        {
            Store.Dispose();
            await Database.DisposeAsync();
            S3.Dispose();
        }
    }
}
