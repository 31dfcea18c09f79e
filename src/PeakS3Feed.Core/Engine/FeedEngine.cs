using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>
/// The front of the core: finds definitions by name in a store and does what is asked with them. The worker and the cmdlets
/// hold parameters and one call into this. Safe for concurrent use.
/// </summary>
public sealed class FeedEngine
{
    private readonly FeedEngineOptions _options;

    /// <summary>Works on a store.</summary>
    public FeedEngine(StorePaths paths, FeedEngineOptions? options = null)
    {
        _options = options ?? new FeedEngineOptions();
        Paths = paths;
        Store = new DefinitionStore(paths, _options.Time);
        History = new RunHistory(paths.StateDirectory, _options.Time);
    }

    /// <summary>Where everything is.</summary>
    public StorePaths Paths { get; }

    /// <summary>The definitions.</summary>
    public DefinitionStore Store { get; }

    /// <summary>The runs and their rejects.</summary>
    public RunHistory History { get; }

    /// <summary>What the next run of a feed would do. Changes nothing; dispose of the plan.</summary>
    public async Task<FeedPlan> PlanAsync(string feedName, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = await FindAsync(feedName, cancellationToken);
        await using var source = Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        await using var destination = await OpenAsync(definition, cancellationToken);
        await using var session = await destination.OpenAsync(Target(feed), cancellationToken);
        return await new FeedPlanner(feed, connection, source, session, destination.Location, _options.Time).PlanAsync(cancellationToken);
    }

    /// <summary>Runs a feed. See <see cref="FeedRunner"/>.</summary>
    public async Task<RunResult> RunAsync(
        string feedName, RunOptions options, AccessKey? accessKey, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = await FindAsync(feedName, cancellationToken);
        var id = feed.Id;
        var runner = new FeedRunner(new FeedRunnerParts
        {
            History = History,
            Reread = async ct =>
            {
                (var now, connection, definition) = await FindAsync(d => d.FindFeed(id), feedName, ct);
                return (now, connection);
            },
            Verify = (c, ct) => VerifyAsync(c, accessKey, ct),
            OpenSource = (c, identity) => Open(c, identity, accessKey),
            OpenDestination = ct => OpenAsync(definition, ct),
            SaveFeed = SaveAsync,
            Time = _options.Time,
            Logger = _options.Loggers.CreateLogger("PeakS3Feed.Run"),
            Retry = _options.Retry,
            Observer = _options.Observer,
        });
        return await runner.RunAsync(feed, connection, options, progress, cancellationToken);
    }

    /// <summary>The first rows of one of a feed's files.</summary>
    public async Task<FeedPreview> PreviewAsync(string feedName, int first, string? key, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = await FindAsync(feedName, cancellationToken);
        await VerifyAsync(connection, accessKey, cancellationToken);
        await using var source = Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        await using var destination = await OpenAsync(definition, cancellationToken);
        return await new FeedPreviewer(source, connection, destination.Capabilities.ValueLimits, _options.Time).ReadAsync(feed, first, key, cancellationToken);
    }

    /// <summary>Infers a feed's columns from its files; the definition stays as it is.</summary>
    public async Task<SampledSchema> InferAsync(string feedName, bool sampleAll, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = await FindAsync(feedName, cancellationToken);
        await using var source = Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        await using var destination = await OpenAsync(definition, cancellationToken);
        var limits = destination.Capabilities.ValueLimits;
        var sampler = new SchemaSampler(source, FeedObjects.Matcher(feed, connection), FeedObjects.Prefix(feed, connection), limits, _options.Time);
        return await sampler.InferAsync(feed with { Schema = null }, sampleAll, cancellationToken);
    }

    /// <summary>Forgets what a feed has loaded, so that the next run loads everything again; with <paramref name="dropTable"/> its table goes too.</summary>
    public async Task ResetAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var (feed, _, definition) = await FindAsync(feedName, cancellationToken);
        using var held = await FeedRunLock.AcquireAsync(History, feed.Id, feed.Name, _options.Time, cancellationToken);
        await using var destination = await OpenAsync(definition, cancellationToken);
        await using var session = await destination.OpenAsync(Target(feed), cancellationToken);
        try
        {
            await session.HoldAsync(cancellationToken);
            await Store.UpdateAsync(d => DefinitionEdit.ForgetAdoption(d, feed.Id), cancellationToken);
            await session.ResetAsync(dropTable, cancellationToken);
        }
        catch (Exception e) when (e is not (Errors.FeedException or OperationCanceledException))
        {
            throw session.Translate(e);
        }
    }

    /// <summary>Changes settings of a feed that are given as text; see <see cref="DefinitionEdit.Apply"/>.</summary>
    public async Task<EditResult> SetAsync(string feedName, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        EditResult? result = null;
        await Store.UpdateAsync(
            definitions =>
            {
                var feed = definitions.FindFeed(feedName) ?? throw EngineErrors.FeedNotFound(feedName, definitions.Feeds.Select(f => f.Name));
                (definitions, result) = DefinitionEdit.Apply(definitions, feed, settings);
                return definitions;
            },
            cancellationToken);
        return result!;
    }

    /// <summary>Tests a connection, check by check; writes down that it is verified when all passed.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestConnectionAsync(
        string name, AccessKey? accessKey, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        var connection = definitions.FindConnection(name) ?? throw EngineErrors.ConnectionNotFound(name, definitions.Connections.Select(c => c.Name));
        var passed = true;
        await foreach (var check in ConnectionTest.RunAsync(connection, accessKey, _options.Loggers, _options.Time, cancellationToken))
        {
            passed &= check.Outcome != CheckOutcome.Failed;
            yield return check;
        }
        var status = passed ? ConnectionStatus.Verified : ConnectionStatus.Untested;
        if (connection.Status != status)
        {
            // Only if it is still the connection that was tested.
            await Store.UpdateAsync(d => d.FindConnection(name) == connection ? d.With(connection with { Status = status }) : d, cancellationToken);
        }
    }

    /// <summary>The IAM documents that let a connection in.</summary>
    /// <param name="name">The connection, in whatever state.</param>
    /// <param name="trustedPrincipal">Who may assume the role; null for the connection's own, else whoever the base credentials are.</param>
    /// <param name="accessKey">Base credentials for this call alone, or null.</param>
    /// <param name="cancellationToken">Ends the question to STS.</param>
    public async Task<S3FeedPolicy> PolicyAsync(string name, string? trustedPrincipal, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        var connection = definitions.FindConnection(name) ?? throw EngineErrors.ConnectionNotFound(name, definitions.Connections.Select(c => c.Name));
        connection = connection with { TrustedPrincipal = trustedPrincipal ?? connection.TrustedPrincipal };
        return await new PolicyMaker(accessKey, _options.Loggers, _options.Time).MakeAsync(connection, cancellationToken);
    }

    /// <summary>Tests a destination, check by check.</summary>
    public async IAsyncEnumerable<DestinationCheck> TestDestinationAsync(
        string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        var definition = definitions.FindDestination(name) ?? throw EngineErrors.DestinationNotFound(name, definitions.Destinations.Select(d => d.Name));
        await using var destination = await OpenAsync(definition, cancellationToken);
        await foreach (var check in destination.TestAsync(cancellationToken))
            yield return check;
    }

    private Task<(S3Feed Feed, S3Connection Connection, S3FeedDestination Destination)> FindAsync(string feedName, CancellationToken cancellationToken)
        => FindAsync(d => d.FindFeed(feedName), feedName, cancellationToken);

    private async Task<(S3Feed Feed, S3Connection Connection, S3FeedDestination Destination)> FindAsync(
        Func<StoreDefinitions, S3Feed?> find, string feedName, CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        var feed = find(definitions) ?? throw EngineErrors.FeedNotFound(feedName, definitions.Feeds.Select(f => f.Name));
        var connection = definitions.FindConnection(feed.ConnectionName)
            ?? throw EngineErrors.ConnectionNotFound(feed.ConnectionName, definitions.Connections.Select(c => c.Name));
        if (feed.DestinationNames.Count != 1)
            throw EngineErrors.OneDestination(feed);
        var destination = definitions.FindDestination(feed.DestinationNames[0])
            ?? throw EngineErrors.DestinationNotFound(feed.DestinationNames[0], definitions.Destinations.Select(d => d.Name));
        StoreDefinitions.Demand(feed, connection, destination);
        return (feed, connection, destination);
    }

    private async Task VerifyAsync(S3Connection connection, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        if (connection.Status == ConnectionStatus.Verified)
            return;
        var failed = new List<ConnectionCheck>();
        await foreach (var check in TestConnectionAsync(connection.Name, accessKey, cancellationToken))
        {
            if (check.Outcome == CheckOutcome.Failed)
                failed.Add(check);
        }
        if (failed.Count > 0)
            throw EngineErrors.ConnectionTestFailed(connection, failed);
    }

    // Only what a run may change, on the definition as it is now: somebody may have edited the rest meanwhile.
    private Task SaveAsync(S3Feed ran, CancellationToken cancellationToken) => Store.UpdateAsync(
        definitions =>
        {
            if (definitions.FindFeed(ran.Id) is not { } feed)
                return definitions;
            var schema = feed.Schema is null ? ran.Schema : Grown(feed.Schema, ran.Schema);
            var separator = feed.Csv.Separator ?? ran.Csv.Separator;
            return Equals(schema, feed.Schema) && Equals(separator, feed.Csv.Separator)
                ? definitions
                : definitions.With(feed with { Schema = schema, Csv = feed.Csv with { Separator = separator } });
        },
        cancellationToken);

    // Renamed and retyped columns stay as somebody made them. A name that is taken by now stays out: the ledger has the column.
    private static FeedSchema Grown(FeedSchema stored, FeedSchema? ran)
        => stored.With((ran?.Columns ?? []).Where(c => stored.FindField(c.Field) is null && stored.Find(c.Name) is null));

    private IObjectSource Open(S3Connection connection, SourceIdentity identity, AccessKey? accessKey)
        => SourceFactory.Open(connection, identity, accessKey, _options.Loggers, _options.Time);

    private Task<IDestination> OpenAsync(S3FeedDestination definition, CancellationToken cancellationToken)
        => DestinationFactory.OpenAsync(definition, Paths.StateDirectory, _options.Secrets, _options.Loggers, cancellationToken);

    private static LoadTarget Target(S3Feed feed) => new(feed.Id, feed.Name, feed.TableName);
}
