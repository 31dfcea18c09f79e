using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>Forgets what a feed has loaded, or the feed itself. While it does, the feed does not run.</summary>
internal sealed class FeedForgetting(DefinitionStore store, EngineDefinitions definitions, EngineAccess access, FeedTables tables, RunHistory history, TimeProvider time)
{
    public async Task ResetAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var (feed, _, destination) = await definitions.FindFeedAsync(feedName, cancellationToken);
        using var held = await FeedRunLock.AcquireAsync(history, feed.Id, feed.Name, time, cancellationToken);
        await ForgetLoadsAsync(feed, destination, dropTable, cancellationToken);
        if (dropTable)
            await store.UpdateAsync(d => d.FindFeed(feed.Id) is { } now && MisreadColumns.Forget(now) is var read && read != now ? d.With(read) : d, cancellationToken);
    }

    /// <summary>What would go with a feed; changes nothing.</summary>
    public async Task<FeedRemoval> LookAsync(string feedName, CancellationToken cancellationToken)
    {
        var current = await store.ReadAsync(cancellationToken);
        var feed = current.GetFeed(feedName);
        var filter = new RunFilter { FeedId = feed.Id };
        var runs = await history.CountAsync(filter, before: null, cancellationToken);
        var loaded = await history.ListAsync(filter, cancellationToken).AnyAsync(r => r.ObjectsLoaded > 0, cancellationToken) || await IsInLedgerAsync(feed, cancellationToken);
        return new(
            feed.Name, feed.TableName, string.Join(", ", feed.DestinationNames), loaded, runs,
            [.. current.Triggers.Where(t => IsOf(t.FeedName)).Select(t => t.Name)], [.. current.Watchers.Where(w => IsOf(w.FeedName)).Select(w => w.Name)]);

        bool IsOf(string name) => string.Equals(name, feed.Name, StringComparison.OrdinalIgnoreCase);
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
            await session.LockAsync(cancellationToken);
            if (dropTable)
                await tables.RefuseSharedAsync(feed, destination, session, cancellationToken);
            await store.UpdateAsync(d => DefinitionEdit.ForgetAdoption(d, feed.Id), cancellationToken);
            await session.ResetAsync(dropTable, cancellationToken);
            return true;
        },
        cancellationToken);

    // Where the ledger cannot be asked, a feed that knows its columns may have loaded.
    private async Task<bool> IsInLedgerAsync(S3Feed feed, CancellationToken cancellationToken)
    {
        try
        {
            var (_, destination) = await definitions.FindDestinationOfAsync(feed.Id, feed.Name, cancellationToken);
            return await access.WithSessionAsync(
                feed, destination, async (_, session) => (await session.InspectAsync(cancellationToken)).Ledger is { HasLoaded: true }, cancellationToken);
        }
        catch (FeedException)
        {
            return feed.Schema is not null;
        }
    }
}
