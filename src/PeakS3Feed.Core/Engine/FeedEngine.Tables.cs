using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <content>Finds out who uses a feed's table.</content>
public sealed partial class FeedEngine
{
    /// <summary>Finds out how a feed's table is used, in each of its destinations. Counts the table's rows; changes nothing.</summary>
    /// <exception cref="FeedException">
    /// <c>TableIsShared</c>, when it is to be dropped and other feeds use it; the errors of the destination.
    /// </exception>
    public async Task<IReadOnlyList<TableUse>> FindTableUsesAsync(string feedName, bool dropTable, CancellationToken cancellationToken)
    {
        var found = (await Store.ReadAsync(cancellationToken)).GetFeed(feedName);
        var (feed, definitions) = await FindDestinationsOfAsync(found.Id, feedName, cancellationToken);
        return await FindTableUsesAsync(feed, definitions, dropTable, cancellationToken);
    }

    private async Task<IReadOnlyList<TableUse>> FindTableUsesAsync(
        S3Feed feed, IReadOnlyList<S3FeedDestination> definitions, bool dropTable, CancellationToken cancellationToken)
    {
        List<TableUse> uses = [];
        foreach (var definition in definitions)
        {
            uses.Add(await _access.WithSessionAsync(
                feed, definition, (_, session) => FindTableUseAsync(feed, definition, session, cancellationToken), cancellationToken));
        }
        if (dropTable)
            uses.ForEach(RefuseShared);
        return uses;
    }

    /// <summary>Throws when other feeds have rows in the table that is to go.</summary>
    private async Task RefuseSharedAsync(
        S3Feed feed, S3FeedDestination definition, ITableSession session, CancellationToken cancellationToken)
        => RefuseShared(await FindTableUseAsync(feed, definition, session, cancellationToken));

    private static void RefuseShared(TableUse use)
    {
        if (use is { Exists: true, SharedWith.Count: > 0 })
            throw EngineErrors.TableIsShared(use);
    }

    private async Task<TableUse> FindTableUseAsync(
        S3Feed feed, S3FeedDestination definition, ITableSession session, CancellationToken cancellationToken)
    {
        var table = await session.InspectForResetAsync(cancellationToken);
        var current = await Store.ReadAsync(cancellationToken);
        var shared = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var removed = new List<string>();
        foreach (var id in table.OtherFeeds.Keys.Order())
        {
            if (current.FindFeed(id) is { } other)
                shared.Add(other.Name);
            else if (await History.CountAsync(new RunFilter { FeedId = id }, before: null, cancellationToken) > 0)
                removed.Add(id.ToString("D"));
            else
                shared.Add($"a feed of another store (id {id:D})");
        }
        var name = session.Types.LedgerName(feed.TableName);
        shared.UnionWith(current.Feeds
            .Where(f => f.Id != feed.Id && session.Types.LedgerName(f.TableName) == name && IsIn(current, f, definition))
            .Select(f => f.Name));
        long? rows = !table.IsReadable ? null : table.HasRows ? await session.CountRowsAsync(cancellationToken) : 0;
        return new(
            feed.Name, feed.TableName, $"destination {definition.Name}", table.Exists, rows,
            feed.LoadType == LoadType.TruncateInsert, [.. shared], removed);
    }

    // Two definitions may be of one database.
    private bool IsIn(StoreDefinitions current, S3Feed feed, S3FeedDestination definition)
        => feed.DestinationNames.Select(current.FindDestination).OfType<S3FeedDestination>()
            .Any(d => _options.Kinds.AreSame(d, definition, Store.Paths.StateDirectory));

    // The feed of that id and its destinations alone, also where the feed breaks a rule.
    private async Task<(S3Feed Feed, IReadOnlyList<S3FeedDestination> Destinations)> FindDestinationsOfAsync(
        Guid id, string name, CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        var feed = definitions.GetFeed(id, name);
        return (feed, ResolvedFeed.DestinationsOf(definitions, feed));
    }
}
