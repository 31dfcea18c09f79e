using PeakS3Feed.Aws;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Sampling;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Engine;

/// <summary>Reads a feed's files without loading them. A connection that is not verified is tested first.</summary>
internal sealed class FeedReading(EngineAccess access, TimeProvider time)
{
    public Task<FeedPreview> PreviewAsync(ResolvedFeed of, int first, string? key, AccessKey? accessKey, CancellationToken cancellationToken) => ReadAsync(
        of, accessKey,
        (source, limits) => new FeedPreviewer(source, of.Connection, limits, time).ReadAsync(of.Feed, first, key, cancellationToken),
        cancellationToken);

    public Task<SampledSchema> InferAsync(
        ResolvedFeed of, bool sampleAll, IReadOnlyList<string> columns, AccessKey? accessKey, CancellationToken cancellationToken) => ReadAsync(
        of, accessKey,
        (source, limits) => new SchemaSampler(source, FeedObjects.Matcher(of.Feed, of.Connection), FeedObjects.Prefix(of.Feed, of.Connection), limits, time, of.Connection)
            .InferAsync(of.Feed with { Schema = null }, sampleAll, columns, cancellationToken),
        cancellationToken);

    private async Task<T> ReadAsync<T>(
        ResolvedFeed of, AccessKey? accessKey, Func<IObjectSource, ValueLimits, Task<T>> read, CancellationToken cancellationToken)
    {
        await access.VerifyAsync(of.Connection, accessKey, cancellationToken);
        await using var source = access.Open(of.Connection, new SourceIdentity(of.Feed.Name, Guid.NewGuid()), accessKey);
        await using var destination = await access.OpenAsync(of.Destination, cancellationToken);
        return await read(source, destination.Capabilities.ValueLimits);
    }
}
