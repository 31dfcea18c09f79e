using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.TestKinds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// Two destinations of one feed, of which the process is killed at each step, while the first or the second of them takes it. Every row is then in both
/// once.
/// </summary>
[Trait(Category.Name, Category.Kill)]
public sealed class PairKillTests : IDisposable
{
    private static readonly CommitStep[] Steps =
        [CommitStep.Claimed, CommitStep.Staged, CommitStep.Copied, CommitStep.Checked, CommitStep.Committing, CommitStep.Committed, CommitStep.LocallyRecorded];

    private readonly TestFolder _folder = new();
    private readonly DataFolder _data;
    private readonly SqliteDatabase _warehouse;
    private readonly FolderDatabase _lake;

    public PairKillTests()
    {
        _data = new DataFolder(_folder.Sub("source"), 40, seed: 1);
        var database = _folder.File("warehouse.db");
        _warehouse = new SqliteDatabase(database, new ScriptDefinition { Name = "warehouse", Database = database, Stage = _folder.Sub("stage") });
        _lake = new FolderDatabase(_folder.Sub("tables"));
    }

    public static TheoryData<LoadKind, CommitStep, int> KindsAndSteps
    {
        get
        {
            var all = new TheoryData<LoadKind, CommitStep, int>();
            foreach (var kind in (LoadKind[])[LoadKind.Append, LoadKind.Replacing, LoadKind.TruncateInsert])
            {
                foreach (var step in Steps)
                {
                    all.Add(kind, step, 1);
                    all.Add(kind, step, 2);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndSteps))]
    public async Task Every_row_is_in_both_once_after_a_kill_at(LoadKind kind, CommitStep step, int occurrence)
    {
        var store = await CreateStoreAsync(kind);
        _data.Add(6);
        for (var kill = 0; kill < 2; kill++)
        {
            using var host = HostProcess.StartKilledAt(store, step, occurrence);
            var exit = await host.WaitAsync();
            Assert.True(exit.WasKilled, exit.ToString());
            (await Snapshot.ReadAsync(_warehouse)).MustHoldWhatItsLedgerSays(_data, kind);
            (await Snapshot.ReadAsync(_lake)).MustHoldWhatItsLedgerSays(_data, kind);
            _data.Add(3);
            if (kind != LoadKind.Append)
                _data.Rewrite(2);
        }

        var last = await store.RunAsync();

        Assert.True(last.Run.Status == RunStatus.Succeeded, last.Error?.ToString());
        await MustBeCompleteAsync(_warehouse, "warehouse", kind, store);
        await MustBeCompleteAsync(_lake, "lake", kind, store);
        Assert.Equal(RunStatus.NothingToDo, (await store.RunAsync()).Run.Status);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<TestStore> CreateStoreAsync(LoadKind kind)
    {
        var store = await TestStore.CreateAsync(_folder.File("store"), _data.Path, _warehouse.Definition, f => kind switch
        {
            LoadKind.Replacing => f with { OnChangedObject = ChangedObjectAction.Replace, CommitEveryObjects = 2 },
            LoadKind.TruncateInsert => f with { LoadType = LoadType.TruncateInsert },
            _ => f with { CommitEveryObjects = 2 },
        });
        var lake = (FolderDefinition)_lake.Definition with { Name = "lake" };
        await store.Definitions().UpdateAsync(d => d.With(lake).With(d.GetFeed(TestStore.FeedName) with { DestinationNames = ["warehouse", "lake"] }));
        return store;
    }

    // For each destination, the history has what its ledger has.
    private async Task MustBeCompleteAsync(TestDatabase database, string name, LoadKind kind, TestStore store)
    {
        var now = await Snapshot.ReadAsync(database);
        now.MustHoldWhatItsLedgerSays(_data, kind);
        now.MustBeComplete(_data, kind);
        var loads = now.Loads.ToLookup(l => l.RunId);
        foreach (var run in await store.RunsAsync())
        {
            var standing = Assert.Single(run.Destinations, d => d.Name == name);
            Assert.Equal((loads[run.Id].Count(), loads[run.Id].Sum(l => l.Rows)), (standing.Commits, standing.RowsLoaded));
        }
    }
}
