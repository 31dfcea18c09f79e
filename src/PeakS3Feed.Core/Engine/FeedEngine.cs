using System.Runtime.CompilerServices;
using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Feeds.Sampling;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers.Fires;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Engine;

/// <summary>
/// The front of the core: finds definitions by name in a store and does what is asked with them. The worker and the cmdlets
/// hold parameters and one call into this. Safe for concurrent use.
/// </summary>
public sealed class FeedEngine
{
    private readonly FeedEngineOptions _options;
    private readonly EngineDefinitions _definitions;
    private readonly EngineAccess _access;
    private readonly FeedReading _reading;
    private readonly FeedForgetting _forgetting;
    private readonly FeedTables _tables;

    /// <summary>Works on a store.</summary>
    public FeedEngine(StorePaths paths, FeedEngineOptions? options = null)
    {
        _options = options ?? new FeedEngineOptions();
        Paths = paths;
        Store = new DefinitionStore(paths, _options.Time, kinds: _options.Kinds);
        Definitions = new DefinitionCommands(Store, _options.Time);
        History = new RunHistory(paths.StateDirectory, _options.Time);
        Runs = new FeedRuns(Store, History);
        Fires = new FireLog(paths.StateDirectory, _options.Time);
        Deliveries = new DeliveryLog(paths.StateDirectory, _options.Time);
        _definitions = new EngineDefinitions(Store, _options.Kinds);
        _access = new EngineAccess(_definitions, paths.StateDirectory, _options);
        _reading = new FeedReading(_access, _options.Time);
        _tables = new FeedTables(Store, _definitions, _access, History, _options.Kinds);
        _forgetting = new FeedForgetting(Store, _definitions, _access, _tables, History, _options.Time);
    }

    /// <summary>Where everything is.</summary>
    public StorePaths Paths { get; }

    /// <summary>The definitions.</summary>
    public DefinitionStore Store { get; }

    /// <summary>Makes, finds, changes and removes definitions.</summary>
    public DefinitionCommands Definitions { get; }

    /// <summary>The runs and their rejects.</summary>
    public RunHistory History { get; }

    /// <summary>Finds runs by feeds' names and by ids.</summary>
    public FeedRuns Runs { get; }

    /// <summary>When triggers fired, and what became of it.</summary>
    public FireLog Fires { get; }

    /// <summary>What watchers told, and what became of it.</summary>
    public DeliveryLog Deliveries { get; }

    internal FeedEngineOptions Options => _options;

    /// <summary>What the next run of a feed would do. Changes nothing; dispose of the plan.</summary>
    public async Task<FeedPlan> PlanAsync(string feedName, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = await _definitions.FindFeedAsync(feedName, cancellationToken);
        await using var source = _access.Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        return await ForAsync(feed, _access.WithSessionAsync(
            feed, definition,
            (destination, session) => new FeedPlanner(feed, connection, source, session, destination, _options.Time).PlanAsync(cancellationToken),
            cancellationToken));
    }

    /// <summary>Runs a feed. See <see cref="FeedRunner"/>.</summary>
    public async Task<RunResult> RunAsync(
        string feedName, RunOptions options, AccessKey? accessKey, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var resolved = await _definitions.FindFeedAsync(feedName, cancellationToken);
        var (feed, connection, definition) = resolved;
        var id = feed.Id;
        var runner = new FeedRunner(new FeedRunnerParts
        {
            History = History,
            Reread = async ct =>
            {
                (var now, connection, definition) = await _definitions.FindFeedAsync(id, feedName, ct);
                return (now, connection);
            },
            Verify = (c, ct) => _access.VerifyAsync(c, accessKey, ct),
            OpenSource = (c, identity) => _access.Open(c, identity, accessKey),
            OpenDestination = ct => _access.OpenAsync(definition, ct),
            KnownFeeds = _definitions.KnownFeedsAsync,
            SaveFeed = _definitions.RanAsync,
            Time = _options.Time,
            Logger = _options.Loggers.CreateLogger("PeakS3Feed.Run"),
            Retry = _options.Retry,
            Observer = _options.Observer,
        });
        return (await runner.RunAsync(feed, connection, options, progress, cancellationToken)) with { IsWatched = resolved.IsWatched };
    }

    /// <summary>The first rows of one of a feed's files.</summary>
    public async Task<FeedPreview> PreviewAsync(string feedName, int first, string? key, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var feed = await _definitions.FindFeedAsync(feedName, cancellationToken);
        return await ForAsync(feed.Feed, _reading.PreviewAsync(feed, first, key, accessKey, cancellationToken));
    }

    /// <summary>The first rows of one of the files of a feed that need not be in the store; its connection and destination must be.</summary>
    public async Task<FeedPreview> PreviewAsync(S3Feed feed, int first, string? key, AccessKey? accessKey, CancellationToken cancellationToken)
        => await _reading.PreviewAsync(await _definitions.ResolveAsync(feed, cancellationToken), first, key, accessKey, cancellationToken);

    /// <summary>Infers a feed's columns from its files; the definition stays as it is.</summary>
    public async Task<SampledSchema> InferAsync(string feedName, bool sampleAll, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var feed = await _definitions.FindFeedAsync(feedName, cancellationToken);
        return await ForAsync(feed.Feed, _reading.InferAsync(feed, sampleAll, [], accessKey, cancellationToken));
    }

    /// <summary>Infers the columns of a feed that need not be in the store; its connection and destination must be.</summary>
    public async Task<SampledSchema> InferAsync(S3Feed feed, bool sampleAll, AccessKey? accessKey, CancellationToken cancellationToken)
        => await _reading.InferAsync(await _definitions.ResolveAsync(feed, cancellationToken), sampleAll, [], accessKey, cancellationToken);

    /// <summary>Looks at a feed's table, and who else uses it; changes nothing. The table's rows are counted.</summary>
    /// <exception cref="FeedException"><c>TableIsShared</c>, when it is to be dropped and other feeds use it; the errors of the destination.</exception>
    public Task<TableUse> LookAtTableAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
        => _tables.LookAsync(feedName, dropTable, cancellationToken);

    /// <summary>Forgets what a feed has loaded, so that the next run loads everything again; with <paramref name="dropTable"/> its table goes too.</summary>
    public Task ResetAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
        => _forgetting.ResetAsync(feedName, dropTable, cancellationToken);

    /// <summary>What would go with a feed that is removed; changes nothing.</summary>
    /// <exception cref="FeedException"><c>FeedNotFound</c>.</exception>
    public Task<FeedRemoval> LookAtRemovalAsync(string feedName, CancellationToken cancellationToken) => _forgetting.LookAsync(feedName, cancellationToken);

    /// <summary>
    /// Removes a feed's definition; with <paramref name="dropTable"/> also its table and what the destination's ledger knows of it, else
    /// nothing in the destination is touched. Its runs stay in the history.
    /// </summary>
    /// <exception cref="FeedException"><c>FeedNotFound</c>; <c>FeedAlreadyRunning</c>; with the table, the errors of the destination.</exception>
    public Task RemoveFeedAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
        => _forgetting.RemoveAsync(feedName, dropTable, cancellationToken);

    /// <summary>Changes settings of a feed that are given as text; see <see cref="DefinitionEdit.Apply"/>.</summary>
    public async Task<EditResult> SetAsync(string feedName, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        IReadOnlyList<string> columns = [.. settings.Select(s => DefinitionEdit.ColumnOf(s.Key)).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (columns.Count == 0)
            return await _definitions.SetAsync(feedName, settings, columns: null, cancellationToken);

        // A feed that has loaded nothing yet has no columns in the store; its files have, as the other settings read them.
        var definitions = await Store.ReadAsync(cancellationToken);
        var feed = definitions.GetFeed(feedName);
        if (feed.Schema is not null)
            return await _definitions.SetAsync(feedName, settings, columns: null, cancellationToken);
        IReadOnlyList<KeyValuePair<string, string>> others = [.. settings.Where(s => DefinitionEdit.ColumnOf(s.Key) is null)];
        feed = others.Count == 0 ? feed : DefinitionEdit.Apply(definitions, feed, others).Result.Feed;
        var found = feed.Schema ?? await ForAsync(feed, FindColumnsAsync(feed, columns, cancellationToken));
        return await _definitions.SetAsync(feedName, settings, found, cancellationToken);
    }

    /// <summary>Infers the columns of a feed that need not be in the store, and reads on until some columns are found, or there is no more to read.</summary>
    /// <param name="feed">The feed; its connection and destination must be in the store.</param>
    /// <param name="columns">The columns to find, by name or field.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<FeedSchema> FindColumnsAsync(S3Feed feed, IReadOnlyList<string> columns, CancellationToken cancellationToken)
        => (await _reading.InferAsync(await _definitions.ResolveAsync(feed, cancellationToken), sampleAll: false, columns, accessKey: null, cancellationToken)).Feed.Schema!;

    /// <summary>Changes settings of a connection that are given as text; see <see cref="ConnectionEdit.Apply"/>.</summary>
    public Task<ConnectionEditResult> SetConnectionAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
        => _definitions.SetConnectionAsync(name, settings, cancellationToken);

    /// <summary>Tests a connection, check by check; writes down that it is verified when all passed.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestConnectionAsync(
        string name, AccessKey? accessKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await Definitions.FindConnectionAsync(name, cancellationToken);
        await foreach (var check in _access.TestAsync(connection, accessKey, cancellationToken))
            yield return check;
    }

    /// <summary>The IAM documents that let a connection in.</summary>
    /// <param name="name">The connection, in whatever state.</param>
    /// <param name="trustedPrincipal">Who may assume the role; null for the connection's own, else whoever the base credentials are.</param>
    /// <param name="accessKey">Base credentials for this call alone, or null.</param>
    /// <param name="cancellationToken">Ends the question to STS.</param>
    public async Task<S3FeedPolicy> PolicyAsync(string name, string? trustedPrincipal, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var connection = await Definitions.FindConnectionAsync(name, cancellationToken);
        connection = connection with { TrustedPrincipal = trustedPrincipal ?? connection.TrustedPrincipal };
        return await new PolicyMaker(accessKey, _options.Loggers, _options.Time).MakeAsync(connection, cancellationToken);
    }

    /// <summary>Tests a destination, check by check.</summary>
    public async IAsyncEnumerable<DestinationCheck> TestDestinationAsync(
        string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var definition = await Definitions.FindDestinationAsync(name, cancellationToken);
        await using var destination = await _access.OpenAsync(definition, cancellationToken);
        await foreach (var check in destination.TestAsync(cancellationToken))
            yield return check with { DestinationName = definition.Name };
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
