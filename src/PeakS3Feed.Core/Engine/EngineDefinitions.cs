using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>A store's definitions as the engine needs them: found by name or not at all, and changed by what runs and tests find out.</summary>
internal sealed class EngineDefinitions(DefinitionStore store)
{
    /// <summary>The feed of that name with what it names; throws where one of them is missing or does not go with the others.</summary>
    public Task<(S3Feed Feed, S3Connection Connection, S3FeedDestination Destination)> FindFeedAsync(string name, CancellationToken cancellationToken)
        => FindFeedAsync(d => d.FindFeed(name), name, cancellationToken);

    /// <summary>The feed of that id, whatever its name is by now.</summary>
    public Task<(S3Feed Feed, S3Connection Connection, S3FeedDestination Destination)> FindFeedAsync(Guid id, string name, CancellationToken cancellationToken)
        => FindFeedAsync(d => d.FindFeed(id), name, cancellationToken);

    public async Task<S3Connection> FindConnectionAsync(string name, CancellationToken cancellationToken)
        => Connection(await store.ReadAsync(cancellationToken), name);

    public async Task<S3FeedDestination> FindDestinationAsync(string name, CancellationToken cancellationToken)
        => Destination(await store.ReadAsync(cancellationToken), name);

    /// <summary>Changes settings of a feed that are given as text.</summary>
    public async Task<EditResult> SetAsync(string feedName, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        EditResult? result = null;
        await store.UpdateAsync(
            definitions =>
            {
                (definitions, result) = DefinitionEdit.Apply(definitions, Feed(definitions, d => d.FindFeed(feedName), feedName), settings);
                return definitions;
            },
            cancellationToken);
        return result!;
    }

    /// <summary>Changes settings of a connection that are given as text.</summary>
    public async Task<ConnectionEditResult> SetConnectionAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        ConnectionEditResult? result = null;
        await store.UpdateAsync(
            definitions =>
            {
                (definitions, result) = ConnectionEdit.Apply(definitions, Connection(definitions, name), settings);
                return definitions;
            },
            cancellationToken);
        return result!;
    }

    /// <summary>Writes down how a connection's test went, if it is still the connection that was tested.</summary>
    public async Task TestedAsync(S3Connection tested, ConnectionStatus status, CancellationToken cancellationToken)
    {
        if (tested.Status != status)
            await store.UpdateAsync(d => d.FindConnection(tested.Name) == tested ? d.With(tested with { Status = status }) : d, cancellationToken);
    }

    /// <summary>Writes down what a run made of a feed. Only what a run may change, on the definition as it is now: somebody may have edited the rest meanwhile.</summary>
    public Task RanAsync(S3Feed ran, CancellationToken cancellationToken) => store.UpdateAsync(
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

    private async Task<(S3Feed Feed, S3Connection Connection, S3FeedDestination Destination)> FindFeedAsync(
        Func<StoreDefinitions, S3Feed?> find, string name, CancellationToken cancellationToken)
    {
        var definitions = await store.ReadAsync(cancellationToken);
        var feed = Feed(definitions, find, name);
        var connection = Connection(definitions, feed.ConnectionName);
        if (feed.DestinationNames.Count != 1)
            throw EngineErrors.OneDestination(feed);
        var destination = Destination(definitions, feed.DestinationNames[0]);
        StoreDefinitions.Demand(feed, connection, destination);
        return (feed, connection, destination);
    }

    private static S3Feed Feed(StoreDefinitions definitions, Func<StoreDefinitions, S3Feed?> find, string name)
        => find(definitions) ?? throw EngineErrors.FeedNotFound(name, definitions.Feeds.Select(f => f.Name));

    private static S3Connection Connection(StoreDefinitions definitions, string name)
        => definitions.FindConnection(name) ?? throw EngineErrors.ConnectionNotFound(name, definitions.Connections.Select(c => c.Name));

    private static S3FeedDestination Destination(StoreDefinitions definitions, string name)
        => definitions.FindDestination(name) ?? throw EngineErrors.DestinationNotFound(name, definitions.Destinations.Select(d => d.Name));

    // Renamed and retyped columns stay as somebody made them. A name that is taken by now stays out: the ledger has the column.
    private static FeedSchema Grown(FeedSchema stored, FeedSchema? ran)
        => stored.With((ran?.Columns ?? []).Where(c => stored.FindField(c.Field) is null && stored.Find(c.Name) is null));
}
