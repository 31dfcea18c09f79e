using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// The audit columns of a table that a load creates on PostgreSQL: what is the same in all rows is stored once, and every row has its values.
/// </summary>
[Trait(Category.Name, Category.Server)]
[Collection(nameof(OwnPostgreSql))]
public sealed class LateAuditColumnTests(OwnPostgreSql server)
{
    private const string CreatedAt = "peakauditcreatedat";
    private const string FileName = "peakauditfilename";
    private const string RequestId = "peakauditrequestid";

    [SkippableTheory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.TruncateInsert)]
    public async Task Rows_of_one_object_store_none(LoadType loadType)
    {
        await using var scene = await Scene.CreateAsync(f => f with { LoadType = loadType });
        scene.Write("it's a \\ \"name\"; --.csv", "id,v\n1,a\n2,b\n");
        var run = await scene.RunAsync();

        Assert.Equal([$"1 it's a \\ \"name\"; --.csv {run}", $"2 it's a \\ \"name\"; --.csv {run}"], await scene.RowsAsync());
        Assert.Equal(["id", "v", CreatedAt, FileName, RequestId], await scene.ColumnsAsync());
        Assert.Equal([CreatedAt, FileName, RequestId], await scene.InCatalogAsync());
        await scene.NoDefaultMayBeLeftAsync();
    }

    [SkippableFact]
    public async Task Rows_of_several_objects_store_their_names_and_later_loads_all()
    {
        await using var scene = await Scene.CreateAsync(f => f);
        scene.Write("0.csv", "id,v\n");
        scene.Write("a.csv", "id,v\n1,a\n2,b\n");
        scene.Write("b.csv", "id,v\n");
        scene.Write("c.csv", "id,v\n3,c\n");
        scene.Write("d.csv", "id,v\n4,d\n");
        var first = await scene.RunAsync();

        string[] rows = [$"1 a.csv {first}", $"2 a.csv {first}", $"3 c.csv {first}", $"4 d.csv {first}"];
        Assert.Equal(rows, await scene.RowsAsync());
        Assert.Equal(["id", "v", CreatedAt, FileName, RequestId], await scene.ColumnsAsync());
        Assert.Equal([CreatedAt, FileName, RequestId], await scene.InCatalogAsync());
        await scene.NoDefaultMayBeLeftAsync();

        scene.Write("e.csv", "id,v\n5,e\n");
        var second = await scene.RunAsync();
        Assert.Equal([.. rows, $"5 e.csv {second}"], await scene.RowsAsync());
        Assert.Equal(2L, (await scene.Database.QueryAsync($"SELECT count(DISTINCT {CreatedAt}) FROM orders"))[0][0]);
    }

    [SkippableFact]
    public async Task Columns_that_objects_add_come_before_those_that_are_missing()
    {
        await using var scene = await Scene.CreateAsync(f => f);
        scene.Write("a.csv", "id\n1\n");
        scene.Write("b.csv", "id,v\n2,b\n");
        scene.Write("c.csv", "id,v,w\n3,c,d\n");
        var run = await scene.RunAsync();

        Assert.Equal([$"1 a.csv {run}", $"2 b.csv {run}", $"3 c.csv {run}"], await scene.RowsAsync());
        Assert.Equal(5 + 1, (await scene.ColumnsAsync()).Count);
        Assert.Equal(["||", "b|", "c|d"], (await scene.Database.QueryAsync("SELECT coalesce(v, '|') || '|' || coalesce(w, '') FROM orders ORDER BY id")).ConvertAll(r => (string)r[0]!));
        await scene.NoDefaultMayBeLeftAsync();
    }

    [SkippableFact]
    public async Task Rows_without_any_column_of_their_own_are_loaded()
    {
        await using var scene = await Scene.CreateAsync(f => f with { FileType = FileType.Ndjson });
        scene.Write("a.ndjson", "{}\n{}\n");
        var first = await scene.RunAsync();
        Assert.Equal([CreatedAt, FileName, RequestId], await scene.ColumnsAsync());
        scene.Write("b.ndjson", "{\"id\":1}\n");
        var second = await scene.RunAsync();
        Assert.Equal(
            [$"a.ndjson {first}", $"a.ndjson {first}", $"b.ndjson {second}"],
            (await scene.Database.QueryAsync($"SELECT regexp_replace({FileName}, '^.*/', '') || ' ' || {RequestId} FROM orders ORDER BY 1")).ConvertAll(r => (string)r[0]!));
    }

    [SkippableFact]
    public async Task Where_an_object_may_be_undone_each_row_stores_its_own()
    {
        await using var scene = await Scene.CreateAsync(f => f with { OnBadFile = BadFileAction.Skip });
        scene.Write("a.csv", "id,v\n1,a\n");
        scene.Write("b.csv", "id,v\n2,\"b");
        scene.Write("c.csv", "id,v\n3,c\n");
        var run = await scene.RunAsync(RunStatus.SucceededWithRejects);

        Assert.Equal([$"1 a.csv {run}", $"3 c.csv {run}"], await scene.RowsAsync());
        Assert.Empty(await scene.InCatalogAsync());
    }

    [SkippableFact]
    public async Task Where_the_log_is_decoded_each_row_stores_its_own()
    {
        var own = server.Start();
        using (var folder = new TestFolder())
        {
            await using var admin = await PostgreSqlDatabase.CreateAsync(folder, own);
            await admin.ExecuteAsync("ALTER SYSTEM SET wal_level = logical");
            server.Crash();
        }

        try
        {
            await using var scene = await Scene.CreateAsync(f => f, own);
            scene.Write("a.csv", "id,v\n1,a\n");
            var run = await scene.RunAsync();
            Assert.Equal([$"1 a.csv {run}"], await scene.RowsAsync());
            Assert.Empty(await scene.InCatalogAsync());
        }
        finally
        {
            using var folder = new TestFolder();
            await using var admin = await PostgreSqlDatabase.CreateAsync(folder, own);
            await admin.ExecuteAsync("ALTER SYSTEM RESET wal_level");
            server.Crash();
        }
    }

    /// <summary>A folder of files, a feed and a database.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly TestFolder _folder;
        private readonly TestStore _store;

        private Scene(TestFolder folder, PostgreSqlDatabase database, TestStore store)
        {
            _folder = folder;
            Database = database;
            _store = store;
        }

        public PostgreSqlDatabase Database { get; }

        public static async Task<Scene> CreateAsync(Func<S3Feed, S3Feed> change, string? server = null)
        {
            var folder = new TestFolder();
            var database = await PostgreSqlDatabase.CreateAsync(folder, server);
            var store = await TestStore.CreateAsync(folder.File("store"), folder.Sub("source"), database.Definition, change, database.Connections);
            return new(folder, database, store);
        }

        public void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Sub("source"), name), text);

        /// <summary>Runs the feed, and returns the run's id.</summary>
        public async Task<string> RunAsync(RunStatus status = RunStatus.Succeeded)
        {
            var result = await _store.RunAsync();
            Assert.True(result.Run.Status == status, $"{result.Run.Status} {result.Error}");
            return result.Run.Id.ToString("D");
        }

        /// <summary>The rows: id, file, run. Their time must be that of a load.</summary>
        public async Task<List<string>> RowsAsync()
        {
            var rows = await Database.QueryAsync(
                $"SELECT id || ' ' || regexp_replace({FileName}, '^.*/', '') || ' ' || {RequestId} FROM orders WHERE {CreatedAt} IN (SELECT committed_at::timestamptz FROM peaks3feed_load) ORDER BY id");
            return rows.ConvertAll(r => (string)r[0]!);
        }

        public Task<List<string>> ColumnsAsync() => NamesAsync("true");

        /// <summary>The columns whose value the catalog has, for the rows that came before them.</summary>
        public Task<List<string>> InCatalogAsync() => NamesAsync("atthasmissing");

        public async Task NoDefaultMayBeLeftAsync() => Assert.Empty(await NamesAsync("atthasdef"));

        public async ValueTask DisposeAsync()
        {
            await Database.DisposeAsync();
            _folder.Dispose();
        }

        private async Task<List<string>> NamesAsync(string condition)
        {
            var names = await Database.QueryAsync(
                $"SELECT attname::text FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 AND {condition} ORDER BY attnum");
            return names.ConvertAll(r => (string)r[0]!);
        }
    }
}
