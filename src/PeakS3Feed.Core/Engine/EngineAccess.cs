using System.Runtime.CompilerServices;
using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Engine;

/// <summary>The ways in to what definitions describe: sources, destinations, and whether a connection lets us in at all.</summary>
internal sealed class EngineAccess(DefinitionStore store, DefinitionEditor definitions, FeedEngineOptions options)
{
    public IObjectSource Open(S3Connection connection, SourceIdentity identity, AccessKey? accessKey)
        => SourceFactory.Open(connection, identity, accessKey, options.Loggers, options.Time);

    /// <summary>Opens a queue with the credentials of a connection. Makes no request.</summary>
    public IQueueClient OpenQueue(string url, S3Connection connection)
    {
        // A reader repeats its calls by itself, so a call is retried only once.
        var clients = new AwsClients(
            connection, new SourceIdentity("queue", Guid.NewGuid()), accessKey: null, options.Loggers, options.Time, RetryBudget.Short);
        var region = QueueAddress.FindRegion(url) ?? connection.Region ?? ClientFactory.AnyRegion;
        return new QueueClient(clients, url, QueueAddress.GetServiceUrl(url), region);
    }

    /// <summary>Opens a destination.</summary>
    /// <param name="definition">The destination.</param>
    /// <param name="source">
    /// The source of the run. Base credentials for the run are used for a connection of the destination only if it is the one of the source.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="budget">The limits for repeated calls to S3; null for those of runs.</param>
    public Task<IDestination> OpenAsync(
        S3FeedDestination definition, ConnectionAccess? source, CancellationToken cancellationToken, RetryBudget? budget = null)
        => options.Kinds.OpenAsync(
            definition,
            new DestinationContext(store.Paths.StateDirectory, options.Secrets, options.Loggers)
            {
                Time = options.Time,
                Budget = budget,
                FindConnectionAsync = (name, token) => FindConnectionAsync(definition, name, source, token),
            },
            cancellationToken);

    // The definitions may have been edited by hand, so the rules are checked again.
    private async Task<ConnectionAccess> FindConnectionAsync(
        S3FeedDestination definition, string name, ConnectionAccess? source, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken);
        var connection = stored.FindConnection(name) ?? throw DefinitionErrors.NamedNotFound(
            "Connection", name, stored.Connections.Select(c => c.Name), "Destination", definition.Name);
        ConnectionRules.ThrowIfInvalid(connection);
        options.Kinds.ThrowIfNotUsable(definition, connection);
        return new(connection, source is not null && source.Connection.Name == connection.Name ? source.AccessKey : null);
    }

    /// <summary>The names of all feeds of the store by their ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> KnownFeedsAsync(CancellationToken cancellationToken)
        => (await store.ReadAsync(cancellationToken)).Feeds.ToDictionary(f => f.Id, f => f.Name);

    public async Task<T> WithSessionAsync<T>(
        S3Feed feed, S3FeedDestination definition, Func<IDestination, ITableSession, Task<T>> action, CancellationToken cancellationToken)
    {
        await using var destination = await OpenAsync(definition, source: null, cancellationToken);
        var target = new LoadTarget(feed.Id, feed.Name, feed.TableName) { KnownFeeds = await KnownFeedsAsync(cancellationToken) };
        await using var session = await destination.OpenAsync(target, cancellationToken);
        try
        {
            return await action(destination, session);
        }
        catch (Exception e) when (e is not (FeedException or OperationCanceledException))
        {
            throw session.Translate(e);
        }
    }

    /// <summary>Tests a connection, check by check; writes down how it went.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestAsync(
        S3Connection connection, AccessKey? accessKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var passed = true;
        await foreach (var check in ConnectionTest.RunAsync(connection, accessKey, options.Loggers, options.Time, cancellationToken))
        {
            passed &= check.Outcome != CheckOutcome.Failed;
            yield return check;
        }
        await definitions.RecordTestAsync(connection, passed ? ConnectionStatus.Verified : ConnectionStatus.Untested, cancellationToken);
    }

    /// <summary>Tests a connection that is not verified; throws <c>ConnectionTestFailed</c>.</summary>
    public async Task VerifyAsync(S3Connection connection, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        if (connection.Status == ConnectionStatus.Verified)
            return;
        var failed = new List<ConnectionCheck>();
        await foreach (var check in TestAsync(connection, accessKey, cancellationToken))
        {
            if (check.Outcome == CheckOutcome.Failed)
                failed.Add(check);
        }
        if (failed.Count > 0)
            throw EngineErrors.ConnectionTestFailed(connection, failed);
    }
}
