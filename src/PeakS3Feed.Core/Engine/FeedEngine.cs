using System.Runtime.CompilerServices;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers.Arrivals;
using PeakS3Feed.Triggers.Fires;
using PeakS3Feed.Triggers.Queues;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Engine;

/// <summary>
/// The front of the core: finds definitions by name in a store and does what is asked with them. The worker and the cmdlets
/// hold parameters and one call into this. Safe for concurrent use.
/// </summary>
public sealed partial class FeedEngine
{
    private readonly FeedEngineOptions _options;
    private readonly EngineAccess _access;

    /// <summary>Works on a store.</summary>
    public FeedEngine(StorePaths paths, FeedEngineOptions? options = null)
    {
        _options = options ?? new FeedEngineOptions();
        Paths = paths;
        Store = new DefinitionStore(paths, _options.Time, kinds: _options.Kinds);
        Definitions = new DefinitionEditor(Store, _options.Time, FindColumnsForAsync);
        History = new RunHistory(paths.StateDirectory, _options.Time);
        Runs = new FeedRuns(Store, History);
        Fires = new FireLog(paths.StateDirectory, _options.Time);
        Arrivals = new ArrivalLog(paths.StateDirectory, _options.Time);
        Listings = new ListingLog(paths.StateDirectory, _options.Time);
        QueueProblems = new QueueProblemLog(paths.StateDirectory, _options.Time);
        QueueMessages = new QueueMessageLog(paths.StateDirectory, _options.Time);
        Deliveries = new DeliveryLog(paths.StateDirectory, _options.Time);
        _access = new EngineAccess(Store, Definitions, _options);
    }

    /// <summary>Where everything is.</summary>
    public StorePaths Paths { get; }

    /// <summary>The definitions.</summary>
    public DefinitionStore Store { get; }

    /// <summary>Makes, finds, changes and removes definitions.</summary>
    public DefinitionEditor Definitions { get; }

    /// <summary>The runs and their rejects.</summary>
    public RunHistory History { get; }

    /// <summary>Finds runs by feeds' names and by ids.</summary>
    public FeedRuns Runs { get; }

    /// <summary>When triggers fired, and what became of it.</summary>
    public FireLog Fires { get; }

    /// <summary>The objects that queues have announced and no run has seen yet.</summary>
    public ArrivalLog Arrivals { get; }

    /// <summary>When feeds that find their objects by events were listed.</summary>
    internal ListingLog Listings { get; }

    /// <summary>Why queues or messages of them cannot be read.</summary>
    public QueueProblemLog QueueProblems { get; }

    /// <summary>When messages of queues arrived.</summary>
    internal QueueMessageLog QueueMessages { get; }

    /// <summary>What watchers told, and what became of it.</summary>
    public DeliveryLog Deliveries { get; }

    internal FeedEngineOptions Options => _options;

    /// <summary>The memory that the engine's runs share while they go on at the same time.</summary>
    internal ReadingBudget ReadingMemory { get; } = new();

    /// <summary>What the next run of a feed would do. Changes nothing; dispose of the plan.</summary>
    public async Task<FeedPlan> PlanAsync(string feedName, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var resolved = await ResolveAsync(feedName, cancellationToken);
        var (feed, connection, definitions) = resolved;
        var announced = await NewDiscovery().PeekAsync(resolved, cancellationToken);
        await using var source = _access.Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        return await ForAsync(feed, PlanAsync([]));

        Task<FeedPlan> PlanAsync(IReadOnlyList<PlanTarget> open) => open.Count == definitions.Count
            ? new FeedPlanner(feed, connection, source, open, _options.Time, listed: null, announced).PlanAsync(cancellationToken)
            : _access.WithSessionAsync(
                feed, definitions[open.Count],
                (destination, session) => PlanAsync([.. open, new PlanTarget(definitions[open.Count].Name, destination, session)]),
                cancellationToken);
    }

    /// <summary>Runs a feed. See <see cref="FeedRunner"/>.</summary>
    public async Task<RunResult> RunAsync(
        string feedName, RunOptions options, AccessKey? accessKey, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var resolved = await ResolveAsync(feedName, cancellationToken);
        var discovery = NewDiscovery();
        var environment = new EngineRun(Store, Definitions, _access, _options, discovery, resolved.Feed.Id, feedName, accessKey);
        var runner = new FeedRunner(environment, new FeedRunnerOptions
        {
            History = History,
            Logger = _options.Loggers.CreateLogger("PeakS3Feed.Run"),
            Memory = ReadingMemory,
            Time = _options.Time,
            Retry = _options.Retry,
            Observer = _options.Observer,
        });
        await discovery.BeginAsync(resolved, cancellationToken);
        var result = await runner.RunAsync(environment.Describe(resolved), options, progress, cancellationToken);
        await EndAsync(discovery, result.Run);
        return result with { IsWatched = resolved.IsWatched };
    }

    /// <summary>Tests a connection, check by check; writes down that it is verified when all passed.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestConnectionAsync(
        string name, AccessKey? accessKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await Definitions.FindConnectionAsync(name, cancellationToken);
        await foreach (var check in _access.TestAsync(connection, accessKey, cancellationToken))
            yield return check;
    }

    /// <summary>Tests a destination, check by check.</summary>
    public async IAsyncEnumerable<DestinationCheck> TestDestinationAsync(
        string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var definition = await Definitions.FindDestinationAsync(name, cancellationToken);
        await using var destination = await _access.OpenAsync(definition, source: null, cancellationToken);
        await foreach (var check in destination.TestAsync(cancellationToken))
            yield return check with { DestinationName = definition.Name };
    }

    private async Task<ResolvedFeed> ResolveAsync(string feedName, CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        return ResolvedFeed.From(definitions, definitions.GetFeed(feedName), _options.Kinds);
    }

    private static async Task<T> ForAsync<T>(S3Feed feed, Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (FeedException e) when (e.Settings.Count > 0)
        {
            throw e.ForFeed(feed.Name);
        }
    }
}
