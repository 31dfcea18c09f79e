using PeakS3Feed.Aws;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Sampling;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <content>Reads a feed's files without loading them. A connection that is not verified is tested first.</content>
public sealed partial class FeedEngine
{
    /// <summary>The first rows of one of a feed's files.</summary>
    public async Task<FeedPreview> PreviewAsync(string feedName, int first, string? key, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var feed = await ResolveAsync(feedName, cancellationToken);
        return await ForAsync(feed.Feed, PreviewAsync(feed, first, key, accessKey, cancellationToken));
    }

    /// <summary>The first rows of one of the files of a feed that need not be in the store; its connection and destination must be.</summary>
    public async Task<FeedPreview> PreviewAsync(S3Feed feed, int first, string? key, AccessKey? accessKey, CancellationToken cancellationToken)
        => await PreviewAsync(await ResolveAsync(feed, cancellationToken), first, key, accessKey, cancellationToken);

    /// <summary>Infers a feed's columns from its files; the definition stays as it is.</summary>
    public async Task<SampledSchema> InferAsync(string feedName, bool sampleAll, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var feed = await ResolveAsync(feedName, cancellationToken);
        return await ForAsync(feed.Feed, InferAsync(feed, sampleAll, [], accessKey, cancellationToken));
    }

    /// <summary>Infers the columns of a feed that need not be in the store; its connection and destination must be.</summary>
    public async Task<SampledSchema> InferAsync(S3Feed feed, bool sampleAll, AccessKey? accessKey, CancellationToken cancellationToken)
        => await InferAsync(await ResolveAsync(feed, cancellationToken), sampleAll, [], accessKey, cancellationToken);

    /// <summary>
    /// Infers the columns of a feed that need not be in the store, and reads on until some columns are found, or there is no more to
    /// read.
    /// </summary>
    /// <param name="feed">The feed; its connection and destination must be in the store.</param>
    /// <param name="columns">The columns to find, by name or field.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<FeedSchema> FindColumnsAsync(S3Feed feed, IReadOnlyList<string> columns, CancellationToken cancellationToken)
        => (await InferAsync(await ResolveAsync(feed, cancellationToken), sampleAll: false, columns, accessKey: null, cancellationToken))
            .Feed.Schema!;

    // The columns for an edit of settings: what is wrong with the files is said of the feed.
    private Task<FeedSchema> FindColumnsForAsync(S3Feed feed, IReadOnlyList<string> columns, CancellationToken cancellationToken)
        => ForAsync(feed, FindColumnsAsync(feed, columns, cancellationToken));

    private async Task<ResolvedFeed> ResolveAsync(S3Feed feed, CancellationToken cancellationToken)
        => ResolvedFeed.From(await Store.ReadAsync(cancellationToken), feed, _options.Kinds);

    private Task<FeedPreview> PreviewAsync(
        ResolvedFeed of, int first, string? key, AccessKey? accessKey, CancellationToken cancellationToken) => ReadAsync(
        of, accessKey,
        (source, limits) => new FeedPreviewer(source, of.Connection, limits, _options.Time).ReadAsync(of.Feed, first, key, cancellationToken),
        cancellationToken);

    private Task<SampledSchema> InferAsync(
        ResolvedFeed of, bool sampleAll, IReadOnlyList<string> columns, AccessKey? accessKey, CancellationToken cancellationToken) => ReadAsync(
        of, accessKey,
        (source, limits) => new SchemaSampler(
            source, FeedObjects.Matcher(of.Feed, of.Connection), FeedObjects.Prefix(of.Feed, of.Connection), limits, _options.Time, of.Connection)
            .InferAsync(of.Feed with { Schema = null }, sampleAll, columns, cancellationToken),
        cancellationToken);

    private async Task<T> ReadAsync<T>(
        ResolvedFeed of, AccessKey? accessKey, Func<IObjectSource, ValueLimits, Task<T>> read, CancellationToken cancellationToken)
    {
        await _access.VerifyAsync(of.Connection, accessKey, cancellationToken);
        await using var source = _access.Open(of.Connection, new SourceIdentity(of.Feed.Name, Guid.NewGuid()), accessKey);
        List<ValueLimits> limits = [];
        foreach (var definition in of.Destinations)
        {
            await using var destination = await _access.OpenAsync(definition, source: null, cancellationToken);
            limits.Add(destination.Capabilities.ValueLimits);
        }
        return await read(source, PartitionRules.Reserve(ValueLimits.Narrowest(limits), of.Feed));
    }

    /// <summary>
    /// Creates what a process needs once to open the destinations of these feeds. A program may call this on another thread while runs begin.
    /// Connects to nothing.
    /// </summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="feeds">The names of feeds.</param>
    public void Prepare(StoreDefinitions definitions, IEnumerable<string> feeds)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var destinations = feeds.Select(definitions.FindFeed).OfType<S3Feed>()
            .SelectMany(f => f.DestinationNames).Select(definitions.FindDestination);
        foreach (var kind in destinations.OfType<S3FeedDestination>().Select(KindOf).Distinct())
            kind.Prepare();
    }
}
