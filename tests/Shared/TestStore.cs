using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.TestKinds;

namespace PeakS3Feed.Testing;

/// <summary>A store with one feed, "orders", that reads a folder which stands in for the bucket "bucket".</summary>
public sealed class TestStore
{
    public const string FeedName = "orders";

    private TestStore(string path) => Paths = StorePaths.Resolve(path);

    public StorePaths Paths { get; }

    public string Path => Paths.ConfigDirectory;

    public RunHistory History => new(Paths.StateDirectory);

    /// <summary>Waits that are short, for runs within the test.</summary>
    public static CommitRetry Impatient { get; } = new() { FirstDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromSeconds(1), MaxAttempts = 12 };

    /// <summary>The store's definitions, the kinds of the tests among them.</summary>
    public DefinitionStore Definitions() => new(Paths, kinds: OutsideKinds.Registered);

    public static async Task<TestStore> CreateAsync(
        string path, string source, S3FeedDestination destination, Func<S3Feed, S3Feed>? configure = null,
        IReadOnlyList<S3Connection>? connections = null)
    {
        var store = new TestStore(path);
        var feed = new S3Feed { Name = FeedName, ConnectionName = "source", DestinationNames = [destination.Name] };
        feed = configure?.Invoke(feed) ?? feed;
        FeedRules.ThrowIfInvalid(feed, null);
        await store.Definitions().UpdateAsync(d => (connections ?? []).Aggregate(d, (all, c) => all.With(c))
            .With(new S3Connection { Name = "source", BucketName = "bucket", EndpointUrl = new Uri(source).AbsoluteUri, Status = ConnectionStatus.Verified })
            .With(destination)
            .With(feed));
        return store;
    }

    public FeedEngine Engine(ICommitObserver? observer = null, CommitRetry? retry = null, ILoggerFactory? loggers = null)
        => new(Paths, new FeedEngineOptions { Observer = observer, Retry = retry ?? Impatient, Loggers = loggers ?? NullLoggerFactory.Instance, Kinds = OutsideKinds.Registered });

    public Task<RunResult> RunAsync(
        ICommitObserver? observer = null, CommitRetry? retry = null, string feed = FeedName, RunOptions? options = null,
        CancellationToken cancellationToken = default)
        => Engine(observer, retry).RunAsync(feed, options ?? new RunOptions(), accessKey: null, progress: null, cancellationToken);

    public async Task<S3Feed> FeedAsync(string name = FeedName) => (await Definitions().ReadAsync()).FindFeed(name)!;

    public Task ChangeFeedAsync(Func<S3Feed, S3Feed> change)
        => Definitions().UpdateAsync(d => d.With(change(d.FindFeed(FeedName)!)));

    public Task AddAsync(S3Feed feed) => Definitions().UpdateAsync(d => d.With(feed));

    public Task<List<S3FeedRun>> RunsAsync() => History.ListAsync().ToListAsync().AsTask();
}

/// <summary>Does something when a step was taken for the n-th time.</summary>
public sealed class AtStep(CommitStep awaited, int occurrence, Action action) : ICommitObserver
{
    private int _seen;

    public bool Happened { get; private set; }

    public void OnStep(CommitStep step, long sequence)
    {
        if (step != awaited || ++_seen != occurrence)
            return;
        Happened = true;
        action();
    }
}
