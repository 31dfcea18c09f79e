using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;
using PeakS3Feed.TestKinds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>The warehouse of a <see cref="PairedFeed"/>.</summary>
public enum PairedWarehouse
{
    /// <summary>Stages files, and commits by a script.</summary>
    Script,

    /// <summary>SQLite: takes rows in a transaction.</summary>
    Rows,
}

/// <summary>A feed of two files, a commit for each, into a warehouse and a lake that commits by a conditional create.</summary>
internal sealed class PairedFeed : IDisposable
{
    public const string WarehouseName = "warehouse";
    public const string LakeName = "lake";
    private readonly TestFolder _folder = new();
    private readonly ConcurrentBag<string> _opened = [];
    private int _listings;

    private PairedFeed(Loading loading, PairedWarehouse kind, int maxText)
    {
        Loading = loading;
        Kind = kind;
        Database = new PickyDestination(new SqliteDatabase(loading.DatabasePath, NullLogger.Instance));
        Warehouse = new ScriptDestination(loading.DatabasePath, _folder.Sub("stage")) { MaxText = maxText };
        Lake = new FolderDestination(_folder.Sub("tables"));
    }

    public Loading Loading { get; }

    /// <summary>What <see cref="WarehouseName"/> is.</summary>
    public PairedWarehouse Kind { get; }

    /// <summary>The warehouse of <see cref="PairedWarehouse.Script"/>.</summary>
    public ScriptDestination Warehouse { get; }

    /// <summary>The warehouse of <see cref="PairedWarehouse.Rows"/>.</summary>
    public PickyDestination Database { get; }

    public FolderDestination Lake { get; }

    /// <summary>Takes the place of a destination's stage, to do harm.</summary>
    public Func<string, IStage, IStage> Tamper { get; set; } = (_, stage) => stage;

    /// <summary>Receives the steps of commits.</summary>
    public ICommitObserver? Observer { get; set; }

    /// <summary>How many objects are read at a time.</summary>
    public int Parallelism { get; set; } = 2;

    /// <summary>Is called before a destination is opened; may throw.</summary>
    public Action<string> Opening { get; set; } = _ => { };

    /// <summary>A few attempts, so that a test of a failure that stays does not wait long.</summary>
    public CommitRetry Retry { get; } = TestStore.Impatient with { MaxAttempts = 3 };

    /// <summary>Is called before the source is listed; may throw.</summary>
    public Action Listing { get; set; } = () => { };

    /// <summary>The names of the files that were read since the last run began, one entry for each reading.</summary>
    public IReadOnlyList<string> Opened => [.. _opened.Order(StringComparer.Ordinal)];

    /// <summary>How often the source was listed since the last run began.</summary>
    public int Listings => _listings;

    public static Task<PairedFeed> BeginAsync(Func<S3Feed, S3Feed>? configure = null, int maxText = int.MaxValue)
        => BeginAsync(PairedWarehouse.Script, configure, maxText);

    public static async Task<PairedFeed> BeginAsync(PairedWarehouse kind, Func<S3Feed, S3Feed>? configure = null, int maxText = int.MaxValue)
    {
        var loading = await Loading.BeginTwoCommitsAsync("id,name\n3,Cy\n", configure);
        return new PairedFeed(loading, kind, maxText);
    }

    /// <summary>Runs the feed into some destinations; into both unless others are named.</summary>
    public async Task<RunResult> RunAsync(params string[] destinations)
    {
        _opened.Clear();
        _listings = 0;
        var store = new DefinitionStore(Loading.Store.Paths);
        var run = new TestRun(store, await store.ReadAsync())
        {
            Destinations = destinations.Length == 0 ? [WarehouseName, LakeName] : destinations,
            Source = (connection, identity)
                => new Counting(this, SourceFactory.Open(connection, identity, null, NullLoggerFactory.Instance, TimeProvider.System)),
            Destination = name =>
            {
                Opening(name);
                return name == WarehouseName && Kind == PairedWarehouse.Rows
                    ? Database
                    : new TamperedDestination(name == WarehouseName ? Warehouse : Lake, stage => Tamper(name, stage));
            },
        };
        var runner = new FeedRunner(run, new FeedRunnerOptions
        {
            History = Loading.Store.History,
            Logger = NullLogger.Instance,
            Retry = Retry,
            Observer = Observer,
        });
        return await runner.RunAsync(run, new RunOptions { MaxParallelism = Parallelism }, null, CancellationToken.None);
    }

    /// <summary>The ids that are in the warehouse, in order.</summary>
    public IReadOnlyList<string> InWarehouse => Loading.Query("SELECT count(*) FROM sqlite_schema WHERE name = 'orders'")[0] == "0"
        ? [] : Loading.Query("SELECT id FROM orders ORDER BY id");

    /// <summary>The ids that are in the lake, in order.</summary>
    public IReadOnlyList<string> InLake
        => [.. FolderTable.Rows(Lake.Root, "orders").Select(r => r["id"].GetInt64()).Order().Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    public void Dispose()
    {
        Loading.Dispose();
        _folder.Dispose();
    }

    private sealed class Counting(PairedFeed feed, IObjectSource inner) : IObjectSource
    {
        public string Bucket => inner.Bucket;

        public IAsyncEnumerable<SourceObject> ListAsync(string prefix, CancellationToken cancellationToken)
        {
            feed.Listing();
            feed._listings++;
            return inner.ListAsync(prefix, cancellationToken);
        }

        public Task<SourceObject?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

        public Task<Stream> OpenAsync(SourceObject item, CancellationToken cancellationToken)
        {
            feed._opened.Add(item.Key);
            return inner.OpenAsync(item, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
