using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Store;

/// <summary>
/// What must hold between definitions, checked at every write: names and ids are unique, references lead somewhere, no
/// secret is stored.
/// </summary>
internal static class StoreIntegrity
{
    public static void Check(StoreDefinitions before, StoreDefinitions after)
    {
        if (Twice(after.Connections.Select(c => c.Name)) is { } connection) throw StoreErrors.NameInUse("Connection", connection);
        if (Twice(after.Feeds.Select(f => f.Name)) is { } feed) throw StoreErrors.NameInUse("Feed", feed);
        if (Twice(after.Destinations.Select(d => d.Name)) is { } destination) throw StoreErrors.NameInUse("Destination", destination);
        if (after.Feeds.GroupBy(f => f.Id).FirstOrDefault(g => g.Skip(1).Any()) is { } same) throw StoreErrors.IdInUse(same.Last().Name, same.Key);
        if (after.Destinations.Any(d => StoreDefinitions.IsLocal(d.Name)))
            throw StoreErrors.LocalIsReserved();
        foreach (var server in after.Destinations.OfType<PostgreSqlDestination>())
        {
            if (server.Password is { } password) SecretReference.Parse(password);
        }

        CheckReferences("Connection", before, after, d => d.Connections.Select(c => c.Name), f => [f.ConnectionName]);
        CheckReferences("Destination", before, after, d => d.DestinationNames, f => f.DestinationNames);
    }

    // Only what this change breaks: a store that was mended by hand must stay usable for everything else.
    private static void CheckReferences(
        string kind, StoreDefinitions before, StoreDefinitions after, Func<StoreDefinitions, IEnumerable<string>> known, Func<S3Feed, IEnumerable<string>> named)
    {
        var (knownBefore, knownAfter) = (Names(known(before)), Names(known(after)));
        var lost = after.Feeds.SelectMany(f => named(f).Where(n => !knownAfter.Contains(n)).Select(n => (Feed: f, Name: n))).ToList();
        if (lost.Select(l => l.Name).FirstOrDefault(knownBefore.Contains) is { } gone)
            throw StoreErrors.InUse(kind, gone, [.. lost.Where(l => Same(l.Name, gone)).Select(l => l.Feed.Name)]);
        foreach (var (feed, name) in lost)
        {
            if (before.FindFeed(feed.Id) is not { } was || !Names(named(was)).Contains(name))
                throw DefinitionErrors.NamedNotFound(kind, name, knownAfter, feed.Name);
        }
    }

    private static HashSet<string> Names(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string? Twice(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return names.FirstOrDefault(n => !seen.Add(n));
    }
}
