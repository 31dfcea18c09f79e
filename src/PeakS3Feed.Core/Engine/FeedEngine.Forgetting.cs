using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <content>Forgets what a feed has loaded, or the feed itself. While it does, the feed does not run.</content>
public sealed partial class FeedEngine
{
    /// <summary>
    /// Forgets what a feed has loaded, so that the next run loads everything again; with <paramref name="dropTable"/> its table goes
    /// too.
    /// </summary>
    public async Task ResetAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var (feed, _, destinations) = await ResolveAsync(feedName, cancellationToken);
        using var held = await FeedRunLock.AcquireAsync(History, feed.Id, feed.Name, _options.Time, cancellationToken);
        await ForgetLoadsAsync(feed, destinations, dropTable, cancellationToken);
        if (dropTable)
            await Store.UpdateAsync(
                d => d.FindFeed(feed.Id) is { } now && MisreadColumns.Forget(now) is var read && read != now ? d.With(read) : d, cancellationToken);
    }

    /// <summary>What would go with a feed that is removed; changes nothing.</summary>
    /// <exception cref="FeedException"><c>FeedNotFound</c>.</exception>
    public async Task<FeedRemoval> LookAtRemovalAsync(string feedName, CancellationToken cancellationToken)
    {
        var current = await Store.ReadAsync(cancellationToken);
        var feed = current.GetFeed(feedName);
        var filter = new RunFilter { FeedId = feed.Id };
        var runs = await History.CountAsync(filter, before: null, cancellationToken);
        var loaded = await History.ListAsync(filter, cancellationToken).AnyAsync(r => r.ObjectsLoaded > 0, cancellationToken)
            || await IsInLedgerAsync(feed, cancellationToken);
        return new(
            feed.Name, feed.TableName, string.Join(", ", feed.DestinationNames), loaded, runs,
            [.. current.Triggers.Where(t => IsOf(t.FeedName)).Select(t => t.Name)],
            [.. current.Watchers.Where(w => IsOf(w.FeedName)).Select(w => w.Name)]);

        bool IsOf(string name) => string.Equals(name, feed.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Removes a feed's definition, also one that breaks a rule; with <paramref name="dropTable"/> also its table and what the destination's ledger
    /// knows of it, else nothing in the destination is touched. Its runs stay in the history.
    /// </summary>
    /// <exception cref="FeedException"><c>FeedNotFound</c>; <c>FeedAlreadyRunning</c>; with the table, the errors of the destination.</exception>
    public async Task RemoveFeedAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var feed = (await Store.ReadAsync(cancellationToken)).GetFeed(feedName);
        using var held = await FeedRunLock.AcquireAsync(History, feed.Id, feed.Name, _options.Time, cancellationToken);
        if (dropTable)
        {
            // As it is now that no run can change it. The table goes first: without the definition nobody would find it again.
            (feed, var destinations) = await FindDestinationsOfAsync(feed.Id, feedName, cancellationToken);
            await ForgetLoadsAsync(feed, destinations, dropTable: true, cancellationToken);
        }
        await Store.UpdateAsync(d => d.WithoutFeed(feed.Id), cancellationToken);
    }

    // A table that must stay keeps the tables of the other destinations as well.
    private async Task ForgetLoadsAsync(
        S3Feed feed, IReadOnlyList<S3FeedDestination> destinations, bool dropTable, CancellationToken cancellationToken)
    {
        if (dropTable && destinations.Count > 1)
            await FindTableUsesAsync(feed, destinations, dropTable, cancellationToken);
        foreach (var destination in destinations)
            await ForgetLoadsAsync(feed, destination, dropTable, cancellationToken);
    }

    private Task ForgetLoadsAsync(
        S3Feed feed, S3FeedDestination destination, bool dropTable, CancellationToken cancellationToken) => _access.WithSessionAsync(
        feed, destination,
        async (_, session) =>
        {
            await session.LockAsync(cancellationToken);
            if (dropTable)
                await RefuseSharedAsync(feed, destination, session, cancellationToken);
            await Store.UpdateAsync(d => DefinitionEditor.ForgetAdoption(d, feed.Id), cancellationToken);
            await session.ResetAsync(dropTable, cancellationToken);
            return true;
        },
        cancellationToken);

    // Where the ledger cannot be asked, a feed that knows its columns may have loaded.
    private async Task<bool> IsInLedgerAsync(S3Feed feed, CancellationToken cancellationToken)
    {
        try
        {
            var (_, destinations) = await FindDestinationsOfAsync(feed.Id, feed.Name, cancellationToken);
            foreach (var destination in destinations)
            {
                if (await _access.WithSessionAsync(feed, destination, (_, session) => session.InspectAsync(cancellationToken), cancellationToken)
                    is { Ledger.HasLoaded: true })
                    return true;
            }
            return false;
        }
        catch (FeedException)
        {
            return feed.Schema is not null;
        }
    }
}
