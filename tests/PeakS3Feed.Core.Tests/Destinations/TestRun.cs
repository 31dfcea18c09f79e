using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A run of a feed of a store into destinations that no definition describes.</summary>
internal sealed class TestRun(DefinitionStore store, StoreDefinitions definitions, string feedName = "orders") : IRunEnvironment, IRunAccess
{
    public required Func<S3Connection, SourceIdentity, IObjectSource> Source { get; init; }

    public required Func<string, IDestination> Destination { get; init; }

    /// <summary>The names of the destinations, in the place of the feed's own.</summary>
    public IReadOnlyList<string> Destinations { get; init; } = ["warehouse"];

    public S3Feed Feed => definitions.GetFeed(feedName) with { DestinationNames = Destinations };

    public S3Connection Connection => definitions.GetConnection(Feed.ConnectionName);

    public Task VerifyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public IObjectSource OpenSource(SourceIdentity identity) => Source(Connection, identity);

    public Task<IDestination> OpenDestinationAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Destination(name));

    public Task<IRunAccess> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IRunAccess>(this);

    public Task<IReadOnlyDictionary<Guid, string>?> FindFeedNamesAsync(CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyDictionary<Guid, string>?>(null);

    public Task SaveFeedAsync(S3Feed feed, CancellationToken cancellationToken)
        => store.UpdateAsync(d => d.With(feed with { DestinationNames = d.GetFeed(feed.Id, feedName).DestinationNames }), cancellationToken);
}
