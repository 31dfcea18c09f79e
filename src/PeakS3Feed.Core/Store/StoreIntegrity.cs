using PeakS3Feed.Destinations;
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
        if (Twice(after.Connections.Select(c => c.Name)) is { } connection) throw StoreErrors.NameInUse("connection", connection);
        if (Twice(after.Feeds.Select(f => f.Name)) is { } feed) throw StoreErrors.NameInUse("feed", feed);
        if (Twice(after.Destinations.Select(d => d.Name)) is { } destination) throw StoreErrors.NameInUse("destination", destination);
        if (after.Feeds.GroupBy(f => f.Id).FirstOrDefault(g => g.Skip(1).Any()) is { } same) throw StoreErrors.IdInUse(same.Last().Name, same.Key);
        if (after.Destinations.Any(d => string.Equals(d.Name, StoreDefinitions.LocalName, StringComparison.OrdinalIgnoreCase)))
            throw StoreErrors.LocalIsReserved();
        foreach (var server in after.Destinations.OfType<PostgreSqlDestination>())
        {
            if (server.Password is { } password) SecretReference.Parse(password);
        }

        foreach (var one in after.Feeds) CheckReferences(one, before, after);
    }

    // Only what this change breaks: a store that was mended by hand must stay usable for everything else.
    private static void CheckReferences(S3Feed feed, StoreDefinitions before, StoreDefinitions after)
    {
        var was = before.FindFeed(feed.Id);
        if (after.FindConnection(feed.ConnectionName) is null)
        {
            if (before.FindConnection(feed.ConnectionName) is not null) throw StoreErrors.InUse("Connection", feed.ConnectionName, feed.Name);
            if (!string.Equals(was?.ConnectionName, feed.ConnectionName, StringComparison.OrdinalIgnoreCase))
                throw StoreErrors.NotFound("Connection", feed.ConnectionName, feed.Name);
        }

        foreach (var name in feed.DestinationNames.Where(n => after.FindDestination(n) is null))
        {
            if (before.FindDestination(name) is not null) throw StoreErrors.InUse("Destination", name, feed.Name);
            if (was?.DestinationNames.Contains(name, StringComparer.OrdinalIgnoreCase) != true)
                throw StoreErrors.NotFound("Destination", name, feed.Name);
        }
    }

    private static string? Twice(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return names.FirstOrDefault(n => !seen.Add(n));
    }
}
