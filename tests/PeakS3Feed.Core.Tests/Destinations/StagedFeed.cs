using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;
using PeakS3Feed.TestKinds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>How a destination of the tests commits.</summary>
public enum CommitKind
{
    /// <summary>By one script whose checks are statements that fail.</summary>
    Script,

    /// <summary>By one file that is created if it does not exist.</summary>
    ConditionalPut,
}

/// <summary>A feed of two files, a commit for each, into a destination that stages files.</summary>
internal sealed class StagedFeed : IDisposable, ICommitObserver
{
    private readonly TestFolder _folder = new();
    private ICommitObserver? _also;

    private StagedFeed(Loading loading, CommitKind kind, int maxText)
    {
        Loading = loading;
        Script = kind == CommitKind.Script ? new ScriptDestination(loading.DatabasePath, _folder.Sub("stage")) { MaxText = maxText } : null;
        Folder = kind == CommitKind.ConditionalPut ? new FolderDestination(_folder.Sub("tables")) : null;
    }

    public Loading Loading { get; }

    public ScriptDestination? Script { get; }

    public FolderDestination? Folder { get; }

    /// <summary>Takes the place of a stage, to do harm.</summary>
    public Func<IStage, IStage> Tamper { get; set; } = stage => stage;

    public int Stagings => Script?.Stagings ?? Folder!.Stagings;

    public List<CommitStep> Steps { get; } = [];

    /// <summary>The staged files that nobody needs: of the folder, those that are not part of the table.</summary>
    public IReadOnlyList<string> LeftOver => [.. Directory.GetFiles(_folder.Path, "*.part*", SearchOption.AllDirectories)
        .Where(p => Folder is null || !FolderTable.Parts(FolderLog.Create(Folder.Root, "orders").Read()).Any(f => f.Name == Path.GetFileName(p)))];

    public static async Task<StagedFeed> BeginAsync(CommitKind kind, Func<S3Feed, S3Feed>? configure = null, int maxText = int.MaxValue)
    {
        var loading = await Loading.BeginTwoCommitsAsync("id,name,extra\n3,Cy,7\n", configure);
        return new StagedFeed(loading, kind, maxText);
    }

    /// <summary>Does something with what sends a commit: it may throw before or after.</summary>
    public void OnCommit(Func<int, Func<Task>, Task> send)
    {
        var number = 0;
        if (Script is not null)
        {
            Script.Send = commit => send(++number, commit);
            return;
        }
        Folder!.Put = async put =>
        {
            var created = false;
            await send(++number, async () => created = await put());
            return created;
        };
    }

    public async Task<RunResult> RunAsync(ICommitObserver? also = null, int parallelism = 2)
    {
        _also = also;
        return await RunAsync(Loading.Store, this, parallelism);
    }

    /// <summary>Runs the feed as another machine would, with a store of its own.</summary>
    public async Task<RunResult> RunElsewhereAsync()
    {
        var feed = await Loading.Store.FeedAsync();
        var other = await TestStore.CreateAsync(_folder.File("elsewhere"), Path.GetDirectoryName(Loading.PathOf("a.csv"))!, new SqliteDestination { Name = "warehouse", Path = "unused.db" }, _ => feed);
        return await RunAsync(other, observer: null, parallelism: 1);
    }

    /// <summary>Leaves a staged file behind, as a run does whose process dies.</summary>
    public async Task LeaveOneBehindAsync()
    {
        var feed = await Loading.Store.FeedAsync();
        var schema = new FeedSchema([new("id", "id", ColumnType.BigInt)]);
        var stage = await (((IStagingDestination?)Script ?? Folder!).OpenStageAsync(
            new LoadTarget(feed.Id, feed.Name, feed.TableName), new LoadSpec { Mode = LoadMode.Append, Schema = schema }, new LoadStamp(Guid.NewGuid(), DateTimeOffset.UnixEpoch),
            new LoadName(Guid.NewGuid(), 1), CancellationToken.None));
        await using var lane = stage.OpenLane();
        await lane.BeginObjectAsync(new SourceObject("bucket", "a.csv", "e", 1, DateTimeOffset.UnixEpoch), 0, undoable: false, CancellationToken.None);
        var batch = new RowBatch(schema);
        ((FixedVector<long>)batch.Columns[0]).Append(1);
        batch.CompleteRow();
        await lane.WriteAsync(batch, CancellationToken.None);
    }

    private async Task<RunResult> RunAsync(TestStore of, ICommitObserver? observer, int parallelism)
    {
        var store = new DefinitionStore(of.Paths);
        var definitions = await store.ReadAsync();
        var run = new TestRun(store, definitions)
        {
            Source = (connection, identity) => SourceFactory.Open(connection, identity, null, NullLoggerFactory.Instance, TimeProvider.System),
            Destination = _ => new TamperedDestination((IStagingDestination?)Script ?? Folder!, Tamper),
        };
        var runner = new FeedRunner(
            run, new FeedRunnerOptions { History = of.History, Logger = NullLogger.Instance, Retry = TestStore.Impatient, Observer = observer });
        return await runner.RunAsync(run, new RunOptions { MaxParallelism = parallelism }, null, CancellationToken.None);
    }

    /// <summary>The rows as text, in the order of their ids.</summary>
    public List<string> Rows(params string[] columns)
    {
        if (Folder is null)
            return Loading.Query($"SELECT {string.Join(", ", columns)} FROM orders ORDER BY id");
        return [.. FolderTable.Rows(Folder.Root, "orders").OrderBy(r => r["id"].GetInt64()).Select(r => string.Join('|', columns.Select(c => r.TryGetValue(c, out var v) ? Text(v) : "∅")))];
    }

    public void OnStep(CommitStep step, long sequence)
    {
        Steps.Add(step);
        _also?.OnStep(step, sequence);
    }

    public void Dispose()
    {
        Loading.Dispose();
        _folder.Dispose();
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText().ToString(CultureInfo.InvariantCulture);
}
