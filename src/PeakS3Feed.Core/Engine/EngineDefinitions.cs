using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>A store's definitions as the engine needs them: found by name or not at all, and changed by what runs and tests find out.</summary>
internal sealed class EngineDefinitions(DefinitionStore store, DestinationKinds kinds)
{
    /// <summary>The feed of that name with what it names; throws where one of them is missing or does not go with the others.</summary>
    public async Task<ResolvedFeed> FindFeedAsync(string name, CancellationToken cancellationToken)
    {
        var definitions = await store.ReadAsync(cancellationToken);
        return Resolve(definitions, definitions.GetFeed(name));
    }

    /// <summary>The feed of that id, whatever its name is by now.</summary>
    public async Task<ResolvedFeed> FindFeedAsync(Guid id, string name, CancellationToken cancellationToken)
    {
        var definitions = await store.ReadAsync(cancellationToken);
        return Resolve(definitions, definitions.GetFeed(id, name));
    }

    /// <summary>The names of all feeds by their ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> KnownFeedsAsync(CancellationToken cancellationToken)
        => (await store.ReadAsync(cancellationToken)).Feeds.ToDictionary(f => f.Id, f => f.Name);

    /// <summary>A feed that need not be in the store, with what it names.</summary>
    public async Task<ResolvedFeed> ResolveAsync(S3Feed feed, CancellationToken cancellationToken) => Resolve(await store.ReadAsync(cancellationToken), feed);

    /// <summary>The feed of that id and its destination alone, also where the feed breaks a rule.</summary>
    public async Task<(S3Feed Feed, S3FeedDestination Destination)> FindDestinationOfAsync(Guid id, string name, CancellationToken cancellationToken)
    {
        var definitions = await store.ReadAsync(cancellationToken);
        var feed = definitions.GetFeed(id, name);
        return (feed, Destination(definitions, feed));
    }

    /// <summary>Changes settings of a feed that are given as text.</summary>
    /// <param name="feedName">The feed.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="columns">The columns of a feed that has none in the store; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<EditResult> SetAsync(
        string feedName, IReadOnlyList<KeyValuePair<string, string>> settings, FeedSchema? columns, CancellationToken cancellationToken)
        => store.UpdateAsync(
            d =>
            {
                var feed = d.GetFeed(feedName);
                return DefinitionEdit.Apply(d, feed with { Schema = feed.Schema ?? columns }, settings);
            },
            cancellationToken);

    /// <summary>Changes settings of a connection that are given as text.</summary>
    public Task<ConnectionEditResult> SetConnectionAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
        => store.UpdateAsync(d => ConnectionEdit.Apply(d, d.GetConnection(name), settings), cancellationToken);

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
            var csv = feed.Csv.Separator is null ? feed.Csv with { Separator = ran.Csv.Separator } : feed.Csv;
            return Equals(schema, feed.Schema) && csv == feed.Csv ? definitions : definitions.With(feed with { Schema = schema, Csv = csv });
        },
        cancellationToken);

    private ResolvedFeed Resolve(StoreDefinitions definitions, S3Feed feed)
    {
        var connection = definitions.GetConnection(feed.ConnectionName);
        var destination = Destination(definitions, feed);
        StoreDefinitions.Demand(feed, connection, destination, kinds);
        return new(feed, connection, destination) { IsWatched = definitions.Watchers.Any(w => w.Enabled && w.Watches(feed.Name)) };
    }

    private static S3FeedDestination Destination(StoreDefinitions definitions, S3Feed feed)
        => feed.DestinationNames.Count == 1 ? definitions.GetDestination(feed.DestinationNames[0]) : throw EngineErrors.OneDestination(feed);

    // Renamed and retyped columns stay as somebody made them. A name that is taken by now stays out: the ledger has the column.
    private static FeedSchema Grown(FeedSchema stored, FeedSchema? ran)
        => ran is null ? stored : stored.WithInEveryFileOf(ran).With(ran.Columns.Where(c => stored.FindField(c.Field) is null && stored.Find(c.Name) is null));
}
