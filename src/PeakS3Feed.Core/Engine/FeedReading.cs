using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Engine;

/// <summary>Reads a feed's files without loading them.</summary>
internal sealed class FeedReading(EngineAccess access, TimeProvider time)
{
    public async Task<FeedPreview> PreviewAsync(ResolvedFeed of, int first, string? key, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = of;
        await access.VerifyAsync(connection, accessKey, cancellationToken);
        await using var source = access.Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        await using var destination = await access.OpenAsync(definition, cancellationToken);
        return await new FeedPreviewer(source, connection, destination.Capabilities.ValueLimits, time).ReadAsync(feed, first, key, cancellationToken);
    }

    public async Task<SampledSchema> InferAsync(ResolvedFeed of, bool sampleAll, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (feed, connection, definition) = of;
        await access.VerifyAsync(connection, accessKey, cancellationToken);
        await using var source = access.Open(connection, new SourceIdentity(feed.Name, Guid.NewGuid()), accessKey);
        await using var destination = await access.OpenAsync(definition, cancellationToken);
        var limits = destination.Capabilities.ValueLimits;
        var sampler = new SchemaSampler(source, FeedObjects.Matcher(feed, connection), FeedObjects.Prefix(feed, connection), limits, time);
        return await sampler.InferAsync(feed with { Schema = null }, sampleAll, cancellationToken);
    }
}
