using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Files, a store with one feed, and a database: what each of these tests begins with.</summary>
public sealed class Scenario : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private int _wholeSet = -1;

    private Scenario(TestFolder folder, TestDatabase database, DataFolder data, TestStore store, LoadKind kind)
    {
        _folder = folder;
        Database = database;
        Data = data;
        Store = store;
        Kind = kind;
    }

    public TestDatabase Database { get; }

    public DataFolder Data { get; }

    public TestStore Store { get; }

    public LoadKind Kind { get; }

    public static Task<Scenario> OnSqliteAsync(LoadKind kind, int files = 6, int rows = 40, int perCommit = 2, int seed = 1)
        => CreateAsync(f => Task.FromResult<TestDatabase>(new SqliteDatabase(f.File("warehouse.db"))), kind, files, rows, perCommit, seed);

    public static Task<Scenario> OnPostgreSqlAsync(LoadKind kind, int files = 6, int rows = 40, int perCommit = 2, int seed = 1)
        => CreateAsync(async f => await PostgreSqlDatabase.CreateAsync(f), kind, files, rows, perCommit, seed);

    public static Task<Scenario> OnScriptAsync(LoadKind kind, int files = 6, int rows = 40, int perCommit = 2, int seed = 1)
        => CreateAsync(f => Task.FromResult<TestDatabase>(new SqliteDatabase(
            f.File("warehouse.db"), new TestKinds.ScriptDefinition { Name = "warehouse", Database = f.File("warehouse.db"), Stage = f.Sub("stage") })), kind, files, rows, perCommit, seed);

    public static Task<Scenario> OnFolderAsync(LoadKind kind, int files = 6, int rows = 40, int perCommit = 2, int seed = 1)
        => CreateAsync(f => Task.FromResult<TestDatabase>(new FolderDatabase(f.Sub("tables"))), kind, files, rows, perCommit, seed);

    public static Task<Scenario> OnWarehouseAsync(Way way, LoadKind kind, int files = 6, int rows = 40, int perCommit = 2, int seed = 1)
        => CreateAsync(async f => await WarehouseDatabase.CreateAsync(f, way), kind, files, rows, perCommit, seed);

    public static async Task<Scenario> CreateAsync(
        Func<TestFolder, Task<TestDatabase>> open, LoadKind kind, int files = 6, int rows = 40, int perCommit = 2, int seed = 1)
    {
        var folder = new TestFolder();
        var database = await open(folder);
        var data = new DataFolder(folder.Sub("source"), rows, seed);
        data.Add(files);
        var store = await TestStore.CreateAsync(folder.File("store"), data.Path, database.Definition, f => Configure(f, kind, perCommit), database.Connections);
        return new Scenario(folder, database, data, store, kind);
    }

    /// <summary>Another store that holds the same feed, as a second machine would.</summary>
    public async Task<TestStore> SecondStoreAsync(Destinations.S3FeedDestination? destination = null)
    {
        var feed = await Store.FeedAsync();
        return await TestStore.CreateAsync(_folder.File("store-" + Guid.NewGuid().ToString("N")[..6]), Data.Path, destination ?? Database.Definition, _ => feed, Database.Connections);
    }

    /// <summary>New files, and for those that take it, files written anew.</summary>
    public void ChangeFiles(int added = 3, int rewritten = 2)
    {
        Data.Add(added);
        if (Kind != LoadKind.Append)
            Data.Rewrite(rewritten);
    }

    /// <summary>Table and ledger agree; a TruncateInsert table is whole, the old set or a newer one.</summary>
    public async Task<Snapshot> MustAgreeAsync()
    {
        var now = await Snapshot.ReadAsync(Database);
        now.MustHoldWhatItsLedgerSays(Data, Kind);
        if (Kind == LoadKind.TruncateInsert && (now.Sequence > 0 || _wholeSet >= 0))
        {
            var set = Data.IndexOfWholeSet(now.Newest.Select(e => (e.Key, e.ETag)));
            Assert.True(set >= 0, "The table holds a mixture of two sets of files.");
            Assert.True(set >= _wholeSet, "The table went back to an older set of files.");
            _wholeSet = set;
        }
        return now;
    }

    /// <summary>Runs to the end; then everything is there once, and another run has nothing to do.</summary>
    public async Task FinishAsync(TestStore? store = null)
    {
        var last = await RunAsync(store);
        Assert.True(last.Run.Status is RunStatus.Succeeded or RunStatus.NothingToDo, last.Error?.ToString());
        await MustBeCompleteAsync();
        Assert.Equal(RunStatus.NothingToDo, (await RunAsync(store)).Run.Status);
    }

    public async Task<Snapshot> MustBeCompleteAsync()
    {
        var now = await MustAgreeAsync();
        now.MustBeComplete(Data, Kind);
        return now;
    }

    /// <summary>What the stores' histories say is what the ledger has; so many runs are known to have died.</summary>
    public async Task HistoryMustAgreeAsync(int? dead = null, params TestStore[] others)
    {
        var runs = await Store.RunsAsync();
        foreach (var other in others)
            runs.AddRange(await other.RunsAsync());
        (await Snapshot.ReadAsync(Database)).MustAgreeWith(runs);
        if (dead is { } count)
            Assert.Equal(count, runs.Count(r => r is { Status: RunStatus.Failed, ErrorId: "ProcessEnded" }));
    }

    public Task<RunResult> RunAsync(TestStore? store = null) => (store ?? Store).RunAsync();

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Dispose();
    }

    private static S3Feed Configure(S3Feed feed, LoadKind kind, int perCommit) => kind switch
    {
        LoadKind.Replacing => feed with { OnChangedObject = ChangedObjectAction.Replace, CommitEveryObjects = perCommit },
        LoadKind.Upsert => feed with { LoadType = LoadType.Upsert, PrimaryKey = ["customer"], CommitEveryObjects = perCommit },
        LoadKind.TruncateInsert => feed with { LoadType = LoadType.TruncateInsert },
        _ => feed with { CommitEveryObjects = perCommit },
    };
}
