using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.TestKinds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>What stands beside a table of files in a <see cref="PairScenario"/>.</summary>
public enum Beside
{
    /// <summary>A warehouse that stages files and commits by a script.</summary>
    Script,

    /// <summary>SQLite, which takes rows in a transaction.</summary>
    Sqlite,

    /// <summary>PostgreSQL, which takes rows in a transaction.</summary>
    PostgreSql,
}

/// <summary>Files, and a feed that loads them into a warehouse and into a table of files.</summary>
public sealed class PairScenario : IAsyncDisposable
{
    public const string WarehouseName = "warehouse";
    public const string LakeName = "lake";

    private readonly TestFolder _folder;
    private readonly LoadKind _kind;

    private PairScenario(TestFolder folder, DataFolder data, TestDatabase warehouse, LoadKind kind)
    {
        _folder = folder;
        _kind = kind;
        Data = data;
        Warehouse = warehouse;
        Lake = new FolderDatabase(folder.Sub("tables"));
    }

    public DataFolder Data { get; }

    public TestDatabase Warehouse { get; }

    public FolderDatabase Lake { get; }

    public TestStore Store { get; private set; } = null!;

    /// <summary>A folder for temporary files of processes.</summary>
    public string Temporary => _folder.Sub("tmp");

    public static async Task<PairScenario> CreateAsync(Beside beside, LoadKind kind, int files = 6, int rows = 40, int perCommit = 2)
    {
        var folder = new TestFolder();
        var path = folder.File("warehouse.db");
        TestDatabase warehouse = beside switch
        {
            Beside.Script => new SqliteDatabase(path, new ScriptDefinition { Name = WarehouseName, Database = path, Stage = folder.Sub("stage") }),
            Beside.Sqlite => new SqliteDatabase(path),
            _ => await PostgreSqlDatabase.CreateAsync(folder),
        };
        var data = new DataFolder(folder.Sub("source"), rows, seed: 1);
        data.Add(files);
        var scenario = new PairScenario(folder, data, warehouse, kind);
        scenario.Store = await scenario.CreateStoreAsync("store", warehouse.Definition, f => kind switch
        {
            LoadKind.Replacing => f with { OnChangedObject = ChangedObjectAction.Replace, CommitEveryObjects = perCommit },
            LoadKind.TruncateInsert => f with { LoadType = LoadType.TruncateInsert },
            _ => f with { CommitEveryObjects = perCommit },
        });
        return scenario;
    }

    /// <summary>Another store that holds the same feed, as a second machine would, or as one that reaches the warehouse in another way.</summary>
    public async Task<TestStore> SecondStoreAsync(S3FeedDestination? warehouse = null)
    {
        var feed = await Store.FeedAsync();
        return await CreateStoreAsync("store-" + Guid.NewGuid().ToString("N")[..6], warehouse ?? Warehouse.Definition, _ => feed with { DestinationNames = [WarehouseName] });
    }

    /// <summary>New files, and for those that take it, files that are written again.</summary>
    public void ChangeFiles(int added = 3, int rewritten = 2)
    {
        Data.Add(added);
        if (_kind != LoadKind.Append)
            Data.Rewrite(rewritten);
    }

    /// <summary>Each table holds what its own ledger says.</summary>
    public async Task MustAgreeAsync()
    {
        (await Snapshot.ReadAsync(Warehouse)).MustHoldWhatItsLedgerSays(Data, _kind);
        (await Snapshot.ReadAsync(Lake)).MustHoldWhatItsLedgerSays(Data, _kind);
    }

    /// <summary>Runs to the end. Then each has every row once, its history is that of its ledger, and another run has nothing to do.</summary>
    public async Task FinishAsync(params TestStore[] others)
    {
        var last = await Store.RunAsync();
        Assert.True(last.Run.Status is RunStatus.Succeeded or RunStatus.NothingToDo, last.Error?.ToString());
        await MustBeCompleteAsync(others);
        Assert.Equal(RunStatus.NothingToDo, (await Store.RunAsync()).Run.Status);
    }

    /// <summary>Each has every row once, and its history is that of its ledger.</summary>
    public async Task MustBeCompleteAsync(params TestStore[] others)
    {
        var runs = await Store.RunsAsync();
        foreach (var other in others)
            runs.AddRange(await other.RunsAsync());
        await MustBeCompleteAsync(Warehouse, WarehouseName, runs);
        await MustBeCompleteAsync(Lake, LakeName, runs);
    }

    public async Task<string> StandingAsync(RunResult result)
    {
        Assert.Equal(Describe(result.Run), Describe((await Store.History.FindAsync(result.Run.Id))!));
        return Describe(result.Run);
    }

    public async ValueTask DisposeAsync()
    {
        await Warehouse.DisposeAsync();
        _folder.Dispose();
    }

    private static string Describe(S3FeedRun run)
        => string.Join("; ", run.Destinations.Select(d => $"{d.Name} {d.Status} {d.ObjectsLoaded}/{d.ObjectsPlanned} {d.RowsLoaded} {d.ErrorId}".TrimEnd()));

    private async Task<TestStore> CreateStoreAsync(string name, S3FeedDestination warehouse, Func<S3Feed, S3Feed> configure)
    {
        var store = await TestStore.CreateAsync(_folder.File(name), Data.Path, warehouse, configure);
        var lake = (FolderDefinition)Lake.Definition with { Name = LakeName };
        await store.Definitions().UpdateAsync(d => d.With(lake).With(d.GetFeed(TestStore.FeedName) with { DestinationNames = [WarehouseName, LakeName] }));
        return store;
    }

    private async Task MustBeCompleteAsync(TestDatabase database, string name, IReadOnlyList<S3FeedRun> runs)
    {
        var now = await Snapshot.ReadAsync(database);
        now.MustHoldWhatItsLedgerSays(Data, _kind);
        now.MustBeComplete(Data, _kind);
        var loads = now.Loads.ToLookup(l => l.RunId);
        foreach (var run in runs)
        {
            var standing = Assert.Single(run.Destinations, d => d.Name == name);
            Assert.Equal((loads[run.Id].Count(), loads[run.Id].Sum(l => l.Rows)), (standing.Commits, standing.RowsLoaded));
        }
    }
}
