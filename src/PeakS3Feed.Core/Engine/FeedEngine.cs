using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
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
    private readonly EngineDefinitions _definitions;

    /// <summary>Works on a store.</summary>
    public FeedEngine(StorePaths paths, FeedEngineOptions? options = null)
    {
        _options = options ?? new FeedEngineOptions();
        Paths = paths;
        Store = new DefinitionStore(paths, _options.Time);
        History = new RunHistory(paths.StateDirectory, _options.Time);
        _definitions = new EngineDefinitions(Store);
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
        var (feed, connection, definition) = await _definitions.FindFeedAsync(feedName, cancellationToken);
        await using var source = Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        return await WithSessionAsync(
            feed, definition,
            (destination, session) => new FeedPlanner(feed, connection, source, session, destination.Location, _options.Time).PlanAsync(cancellationToken),
            cancellationToken);
    }

    /// <summary>Runs a feed. See <see cref="FeedRunner"/>.</summary>
    public async Task<RunResult> RunAsync(
        string feedName, RunOptions options, AccessKey? accessKey, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = await _definitions.FindFeedAsync(feedName, cancellationToken);
        var id = feed.Id;
        var runner = new FeedRunner(new FeedRunnerParts
        {
            History = History,
            Reread = async ct =>
            {
                (var now, connection, definition) = await _definitions.FindFeedAsync(id, feedName, ct);
                return (now, connection);
            },
            Verify = (c, ct) => VerifyAsync(c, accessKey, ct),
            OpenSource = (c, identity) => Open(c, identity, accessKey),
            OpenDestination = ct => OpenAsync(definition, ct),
            SaveFeed = _definitions.RanAsync,
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
        var (feed, connection, definition) = await _definitions.FindFeedAsync(feedName, cancellationToken);
        await VerifyAsync(connection, accessKey, cancellationToken);
        await using var source = Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        await using var destination = await OpenAsync(definition, cancellationToken);
        var previewer = new FeedPreviewer(source, connection, destination.Capabilities.ValueLimits, _options.Time);
        return await ForAsync(feed, previewer.ReadAsync(feed, first, key, cancellationToken));
    }

    /// <summary>Infers a feed's columns from its files; the definition stays as it is.</summary>
    public async Task<SampledSchema> InferAsync(string feedName, bool sampleAll, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = await _definitions.FindFeedAsync(feedName, cancellationToken);
        await using var source = Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        await using var destination = await OpenAsync(definition, cancellationToken);
        var limits = destination.Capabilities.ValueLimits;
        var sampler = new SchemaSampler(source, FeedObjects.Matcher(feed, connection), FeedObjects.Prefix(feed, connection), limits, _options.Time);
        return await ForAsync(feed, sampler.InferAsync(feed with { Schema = null }, sampleAll, cancellationToken));
    }

    /// <summary>Forgets what a feed has loaded, so that the next run loads everything again; with <paramref name="dropTable"/> its table goes too.</summary>
    public async Task ResetAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var (feed, _, definition) = await _definitions.FindFeedAsync(feedName, cancellationToken);
        using var held = await FeedRunLock.AcquireAsync(History, feed.Id, feed.Name, _options.Time, cancellationToken);
        await WithSessionAsync(
            feed, definition,
            async (_, session) =>
            {
                await session.HoldAsync(cancellationToken);
                await Store.UpdateAsync(d => DefinitionEdit.ForgetAdoption(d, feed.Id), cancellationToken);
                await session.ResetAsync(dropTable, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Changes settings of a feed that are given as text; see <see cref="DefinitionEdit.Apply"/>.</summary>
    public Task<EditResult> SetAsync(string feedName, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
        => _definitions.SetAsync(feedName, settings, cancellationToken);

    /// <summary>Changes settings of a connection that are given as text; see <see cref="ConnectionEdit.Apply"/>.</summary>
    public Task<ConnectionEditResult> SetConnectionAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
        => _definitions.SetConnectionAsync(name, settings, cancellationToken);

    /// <summary>Tests a connection, check by check; writes down that it is verified when all passed.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestConnectionAsync(
        string name, AccessKey? accessKey, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await _definitions.FindConnectionAsync(name, cancellationToken);
        var passed = true;
        await foreach (var check in ConnectionTest.RunAsync(connection, accessKey, _options.Loggers, _options.Time, cancellationToken))
        {
            passed &= check.Outcome != CheckOutcome.Failed;
            yield return check;
        }
        await _definitions.TestedAsync(connection, passed ? ConnectionStatus.Verified : ConnectionStatus.Untested, cancellationToken);
    }

    /// <summary>The IAM documents that let a connection in.</summary>
    /// <param name="name">The connection, in whatever state.</param>
    /// <param name="trustedPrincipal">Who may assume the role; null for the connection's own, else whoever the base credentials are.</param>
    /// <param name="accessKey">Base credentials for this call alone, or null.</param>
    /// <param name="cancellationToken">Ends the question to STS.</param>
    public async Task<S3FeedPolicy> PolicyAsync(string name, string? trustedPrincipal, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var connection = await _definitions.FindConnectionAsync(name, cancellationToken);
        connection = connection with { TrustedPrincipal = trustedPrincipal ?? connection.TrustedPrincipal };
        return await new PolicyMaker(accessKey, _options.Loggers, _options.Time).MakeAsync(connection, cancellationToken);
    }

    /// <summary>Tests a destination, check by check.</summary>
    public async IAsyncEnumerable<DestinationCheck> TestDestinationAsync(
        string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var destination = await OpenAsync(await _definitions.FindDestinationAsync(name, cancellationToken), cancellationToken);
        await foreach (var check in destination.TestAsync(cancellationToken))
            yield return check;
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

    private async Task<T> WithSessionAsync<T>(
        S3Feed feed, S3FeedDestination definition, Func<IDestination, IDestinationSession, Task<T>> action, CancellationToken cancellationToken)
    {
        await using var destination = await OpenAsync(definition, cancellationToken);
        await using var session = await destination.OpenAsync(new LoadTarget(feed.Id, feed.Name, feed.TableName), cancellationToken);
        try
        {
            return await action(destination, session);
        }
        catch (Exception e) when (e is not (FeedException or OperationCanceledException))
        {
            throw session.Translate(e);
        }
    }

    private IObjectSource Open(S3Connection connection, SourceIdentity identity, AccessKey? accessKey)
        => SourceFactory.Open(connection, identity, accessKey, _options.Loggers, _options.Time);

    private Task<IDestination> OpenAsync(S3FeedDestination definition, CancellationToken cancellationToken)
        => DestinationFactory.OpenAsync(definition, Paths.StateDirectory, _options.Secrets, _options.Loggers, cancellationToken);
}
