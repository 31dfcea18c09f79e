using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Secrets;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store;

/// <summary>
/// The rules between definitions, checked at every write: names and ids are unique, references lead to definitions, and no secret is stored.
/// </summary>
internal static class StoreIntegrity
{
    public static void Check(StoreDefinitions before, StoreDefinitions after, DestinationKinds kinds)
    {
        if (FindDuplicate(after.Connections.Select(c => c.Name)) is { } connection) throw StoreErrors.NameInUse("Connection", connection);
        if (FindDuplicate(after.Feeds.Select(f => f.Name)) is { } feed) throw StoreErrors.NameInUse("Feed", feed);
        if (FindDuplicate(after.Destinations.Select(d => d.Name)) is { } destination) throw StoreErrors.NameInUse("Destination", destination);
        if (after.Feeds.GroupBy(f => f.Id).FirstOrDefault(g => g.Skip(1).Any()) is { } same)
            throw StoreErrors.IdInUse("Feed", same.Last().Name, same.Key.ToString());
        CheckTriggers(before, after);
        CheckWatchers(before, after);
        if (after.Destinations.Any(d => StoreDefinitions.IsLocal(d.Name)))
            throw StoreErrors.LocalIsReserved();
        foreach (var secret in after.Destinations.SelectMany(kinds.Secrets)) SecretReference.Parse(secret);

        CheckReferences(
            "Connection", NamesOf(before.Connections.Select(c => c.Name)), NamesOf(after.Connections.Select(c => c.Name)),
            ConnectionReferences(before, kinds), ConnectionReferences(after, kinds));
        CheckReferences(
            "Destination", NamesOf(before.DestinationNames), NamesOf(after.DestinationNames),
            DestinationReferences(before), DestinationReferences(after));
        CheckDestinations(before, after, kinds);
        CheckStaging(before, after, kinds);
    }

    // Only what this change breaks.
    private static void CheckStaging(StoreDefinitions before, StoreDefinitions after, DestinationKinds kinds)
    {
        if (ReferenceEquals(before.Connections, after.Connections) && ReferenceEquals(before.Destinations, after.Destinations)
            && ReferenceEquals(before.Feeds, after.Feeds))
            return;
        foreach (var feed in after.Feeds)
        {
            if (StagingOverlap.Find(after, feed, kinds) is { } overlap
                && (before.FindFeed(feed.Id) is not { } was || StagingOverlap.Find(before, was, kinds) is null))
                throw StoreErrors.StageWouldBeRead(overlap);
        }
    }

    // Only what this change breaks.
    private static void CheckDestinations(StoreDefinitions before, StoreDefinitions after, DestinationKinds kinds)
    {
        foreach (var feed in after.Feeds)
        {
            List<S3FeedDestination> destinations = [.. feed.DestinationNames.Select(after.FindDestination).OfType<S3FeedDestination>()];
            if (destinations.Count != feed.DestinationNames.Count || IsOld(feed, destinations))
                continue;
            kinds.ThrowIfNotCombinable(feed.Name, destinations);
            kinds.ThrowIfTableUnfit(feed.Name, feed.TableName, feed.PartitionBy.Count > 0, destinations);
        }

        bool IsOld(S3Feed feed, List<S3FeedDestination> destinations)
            => before.FindFeed(feed.Id) is { } was && was.TableName == feed.TableName && was.PartitionBy.Count > 0 == feed.PartitionBy.Count > 0
                && was.DestinationNames.SequenceEqual(feed.DestinationNames, StringComparer.Ordinal)
                && destinations.SequenceEqual(was.DestinationNames.Select(before.FindDestination).OfType<S3FeedDestination>());
    }

    private static void CheckTriggers(StoreDefinitions before, StoreDefinitions after)
    {
        if (FindDuplicate(after.Triggers.Select(t => t.Name)) is { } name) throw StoreErrors.NameInUse("Trigger", name);
        CheckIds("Trigger", after.Triggers.Select(t => (t.Name, t.Id.ToString())));
        // Webhook ids are parts of URLs, so they must be unique.
        CheckIds("Trigger", after.Triggers.Where(t => t.WebhookId is not null).Select(t => (t.Name, t.WebhookId!)));
        CheckFeeds("Trigger", before.Triggers.Select(t => (t.Id, t.FeedName)), after.Triggers.Select(t => (t.Id, t.Name, t.FeedName)), before, after);
        foreach (var key in after.Triggers.Select(t => t.SigningKey).OfType<string>()) SecretReference.Parse(key);
    }

    private static void CheckWatchers(StoreDefinitions before, StoreDefinitions after)
    {
        if (FindDuplicate(after.Watchers.Select(w => w.Name)) is { } name) throw StoreErrors.NameInUse("Watcher", name);
        CheckIds("Watcher", after.Watchers.Select(w => (w.Name, w.Id.ToString())));
        var (was, now) = (WithFeed(before.Watchers), WithFeed(after.Watchers));
        CheckFeeds("Watcher", was.Select(w => (w.Id, w.FeedName)), now.Select(w => (w.Id, w.Name, w.FeedName)), before, after);
        foreach (var secret in after.Watchers.SelectMany(w => new[] { w.Password, w.SigningKey }).OfType<string>()) SecretReference.Parse(secret);
    }

    private static IEnumerable<S3FeedWatcher> WithFeed(IEnumerable<S3FeedWatcher> watchers) => watchers.Where(w => !w.WatchesAll);

    private static void CheckIds(string kind, IEnumerable<(string Name, string Id)> items)
    {
        if (items.GroupBy(i => i.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } same)
            throw StoreErrors.IdInUse(kind, same.Last().Name, same.Key);
    }

    // Reports only references that this change breaks, as CheckReferences.
    private static void CheckFeeds(
        string kind, IEnumerable<(Guid Id, string Feed)> was, IEnumerable<(Guid Id, string Name, string Feed)> now, StoreDefinitions before,
        StoreDefinitions after)
    {
        var lostBefore = was.Where(w => before.FindFeed(w.Feed) is null).ToHashSet();
        foreach (var (id, name, feed) in now.Where(n => after.FindFeed(n.Feed) is null && !lostBefore.Contains((n.Id, n.Feed))))
            throw DefinitionErrors.NamedNotFound("Feed", feed, after.Feeds.Select(f => f.Name), kind, name);
    }

    private static List<Reference> ConnectionReferences(StoreDefinitions definitions, DestinationKinds kinds) =>
    [
        .. definitions.Feeds.Select(f => new Reference("Feed", f.Id.ToString(), f.Name, f.ConnectionName)),
        .. definitions.Destinations.SelectMany(
            d => kinds.Connections(d).Select(c => new Reference("Destination", d.Name.ToUpperInvariant(), d.Name, c.Name))),
    ];

    private static List<Reference> DestinationReferences(StoreDefinitions definitions)
        => [.. definitions.Feeds.SelectMany(f => f.DestinationNames.Select(n => new Reference("Feed", f.Id.ToString(), f.Name, n)))];

    // Reports only references that this change breaks: a store that was edited by hand must remain editable.
    private static void CheckReferences(
        string kind, HashSet<string> knownBefore, HashSet<string> knownAfter, List<Reference> before, List<Reference> after)
    {
        var lost = after.Where(r => !knownAfter.Contains(r.Name)).ToList();
        if (lost.Select(r => r.Name).FirstOrDefault(knownBefore.Contains) is { } gone)
        {
            throw StoreErrors.InUse(
                kind, knownBefore.TryGetValue(gone, out var stored) ? stored : gone,
                [.. lost.Where(r => Same(r.Name, gone)).Select(r => (r.OwnerKind, r.Owner)).Distinct()]);
        }
        foreach (var reference in lost.Where(r => !before.Exists(r.IsSame)))
            throw DefinitionErrors.NamedNotFound(kind, reference.Name, knownAfter, reference.OwnerKind, reference.Owner);
    }

    private static HashSet<string> NamesOf(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string? FindDuplicate(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return names.FirstOrDefault(n => !seen.Add(n));
    }

    /// <summary>A name in a definition that leads to another definition.</summary>
    /// <param name="OwnerKind">The kind of the definition that has the name.</param>
    /// <param name="OwnerId">What identifies that definition, also after a rename.</param>
    /// <param name="Owner">The name of that definition.</param>
    /// <param name="Name">The name in it.</param>
    private sealed record Reference(string OwnerKind, string OwnerId, string Owner, string Name)
    {
        public bool IsSame(Reference other) => OwnerKind == other.OwnerKind && OwnerId == other.OwnerId && Same(Name, other.Name);
    }
}
