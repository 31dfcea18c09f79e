using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>What a run of one feed needs of the store.</summary>
/// <param name="store">The definitions.</param>
/// <param name="definitions">Changes them.</param>
/// <param name="access">Opens what they describe.</param>
/// <param name="options">The engine's options.</param>
/// <param name="discovery">Decides which objects the run considers.</param>
/// <param name="id">The feed.</param>
/// <param name="name">The name that the person gave, for errors.</param>
/// <param name="accessKey">Base credentials for this run alone, or null.</param>
internal sealed class EngineRun(
    DefinitionStore store, DefinitionEditor definitions, EngineAccess access, FeedEngineOptions options,
    FeedDiscovery discovery, Guid id, string name, AccessKey? accessKey) : IRunEnvironment
{
    public async Task<IRunAccess> ReadAsync(CancellationToken cancellationToken)
    {
        var current = await store.ReadAsync(cancellationToken);
        return Describe(ResolvedFeed.From(current, current.GetFeed(id, name), options.Kinds));
    }

    /// <summary>A feed as it was read before.</summary>
    public IRunAccess Describe(ResolvedFeed resolved) => new RunAccess(resolved, access, discovery, accessKey);

    public async Task<IReadOnlyDictionary<Guid, string>?> FindFeedNamesAsync(CancellationToken cancellationToken)
        => await access.KnownFeedsAsync(cancellationToken);

    public Task SaveFeedAsync(S3Feed feed, CancellationToken cancellationToken) => definitions.RecordRunAsync(feed, cancellationToken);

    private sealed class RunAccess(ResolvedFeed resolved, EngineAccess access, FeedDiscovery discovery, AccessKey? accessKey) : IRunAccess
    {
        public S3Feed Feed => resolved.Feed;

        public S3Connection Connection => resolved.Connection;

        public Task VerifyAsync(CancellationToken cancellationToken) => access.VerifyAsync(resolved.Connection, accessKey, cancellationToken);

        public IObjectSource OpenSource(SourceIdentity identity) => access.Open(resolved.Connection, identity, accessKey);

        public Task<IReadOnlyList<string>?> FindAnnouncedAsync(CancellationToken cancellationToken)
            => discovery.FindAsync(resolved, cancellationToken);

        public Task<IDestination> OpenDestinationAsync(string name, CancellationToken cancellationToken)
            => access.OpenAsync(
                resolved.Destinations.First(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase)),
                new ConnectionAccess(resolved.Connection, accessKey), cancellationToken);
    }
}
