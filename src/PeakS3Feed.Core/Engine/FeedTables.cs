using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>Finds out who uses a feed's table.</summary>
internal sealed class FeedTables(DefinitionStore store, EngineDefinitions definitions, EngineAccess access, RunHistory history, DestinationKinds kinds)
{
    /// <summary>Looks at the table of a feed; changes nothing.</summary>
    public async Task<TableUse> LookAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var found = (await store.ReadAsync(cancellationToken)).GetFeed(feedName);
        var (feed, definition) = await definitions.FindDestinationOfAsync(found.Id, feedName, cancellationToken);
        var use = await access.WithSessionAsync(
            feed, definition, (_, session) => LookAsync(feed, definition, session, cancellationToken), cancellationToken);
        if (dropTable)
            RefuseShared(use);
        return use;
    }

    /// <summary>Throws when other feeds have rows in the table that is to go.</summary>
    public async Task RefuseSharedAsync(
        S3Feed feed, S3FeedDestination definition, ITableSession session, CancellationToken cancellationToken)
        => RefuseShared(await LookAsync(feed, definition, session, cancellationToken));

    private static void RefuseShared(TableUse use)
    {
        if (use is { Exists: true, SharedWith.Count: > 0 })
            throw EngineErrors.TableIsShared(use);
    }

    private async Task<TableUse> LookAsync(
        S3Feed feed, S3FeedDestination definition, ITableSession session, CancellationToken cancellationToken)
    {
        var table = await session.InspectAsync(cancellationToken);
        var current = await store.ReadAsync(cancellationToken);
        var shared = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var removed = new List<string>();
        foreach (var id in table.OtherFeeds.Keys.Order())
        {
            if (current.FindFeed(id) is { } other)
                shared.Add(other.Name);
            else if (await history.CountAsync(new RunFilter { FeedId = id }, before: null, cancellationToken) > 0)
                removed.Add(id.ToString("D"));
            else
                shared.Add($"a feed of another store (id {id:D})");
        }
        var name = session.Types.LedgerName(feed.TableName);
        shared.UnionWith(current.Feeds
            .Where(f => f.Id != feed.Id && session.Types.LedgerName(f.TableName) == name && IsIn(current, f, definition))
            .Select(f => f.Name));
        var rows = table.HasRows ? await session.CountRowsAsync(cancellationToken) : 0;
        return new(
            feed.Name, feed.TableName, $"destination {definition.Name}", table.Exists, rows,
            feed.LoadType == LoadType.TruncateInsert, [.. shared], removed);
    }

    // Two definitions may be of one database.
    private bool IsIn(StoreDefinitions current, S3Feed feed, S3FeedDestination definition)
        => feed.DestinationNames.Select(current.FindDestination).OfType<S3FeedDestination>().Any(d => kinds.AreSame(d, definition, store.Paths.StateDirectory));
}
