using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>Forgets what a feed has loaded, or the feed itself. While it does, the feed does not run.</summary>
internal sealed class FeedForgetting(DefinitionStore store, EngineDefinitions definitions, EngineAccess access, RunHistory history, TimeProvider time)
{
    public async Task ResetAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var (feed, _, destination) = await definitions.FindFeedAsync(feedName, cancellationToken);
        using var held = await FeedRunLock.AcquireAsync(history, feed.Id, feed.Name, time, cancellationToken);
        await ForgetLoadsAsync(feed, destination, dropTable, cancellationToken);
    }

    /// <summary>Removes a feed, also one that breaks a rule.</summary>
    public async Task RemoveAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var feed = (await store.ReadAsync(cancellationToken)).GetFeed(feedName);
        using var held = await FeedRunLock.AcquireAsync(history, feed.Id, feed.Name, time, cancellationToken);
        if (dropTable)
        {
            // As it is now that no run can change it. The table goes first: without the definition nobody would find it again.
            (feed, var destination) = await definitions.FindDestinationOfAsync(feed.Id, feedName, cancellationToken);
            await ForgetLoadsAsync(feed, destination, dropTable: true, cancellationToken);
        }
        await store.UpdateAsync(d => d.WithoutFeed(feed.Id), cancellationToken);
    }

    private Task ForgetLoadsAsync(S3Feed feed, S3FeedDestination destination, bool dropTable, CancellationToken cancellationToken) => access.WithSessionAsync(
        feed, destination,
        async (_, session) =>
        {
            await session.HoldAsync(cancellationToken);
            await store.UpdateAsync(d => DefinitionEdit.ForgetAdoption(d, feed.Id), cancellationToken);
            await session.ResetAsync(dropTable, cancellationToken);
            return true;
        },
        cancellationToken);
}
