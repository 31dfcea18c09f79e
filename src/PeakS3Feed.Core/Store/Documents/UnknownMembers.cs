using System.Text.Json;

namespace PeakS3Feed.Store.Documents;

/// <summary>Carries the members that this version does not know from the file's last content into its next.</summary>
internal static class UnknownMembers
{
    public static void Carry(DefinitionsDocument from, DefinitionsDocument to)
    {
        to.Unknown = from.Unknown;
        CarryAll(from.Connections, to.Connections, c => Name(c.Name), (_, _) => { });
        CarryAll(from.Destinations, to.Destinations, d => Name(d.Name), (_, _) => { });
        CarryAll(from.Feeds, to.Feeds, f => f.Id?.ToString() ?? "", CarryFeed);
        CarryAll(from.Triggers, to.Triggers, t => t.Id?.ToString() ?? "", (_, _) => { });
        CarryAll(from.Watchers, to.Watchers, w => w.Id?.ToString() ?? "", (_, _) => { });
    }

    private static void CarryFeed(FeedDocument from, FeedDocument to)
    {
        if (from.Csv?.Unknown is { Count: > 0 } unknown) (to.Csv ??= new()).Unknown = unknown;
        CarryAll(from.Schema, to.Schema, c => c.Field ?? c.Name ?? "", (_, _) => { });
    }

    private static void CarryAll<T>(List<T>? from, List<T>? to, Func<T, string> identity, Action<T, T> within)
        where T : Document
    {
        if (from is null || to is null) return;
        var old = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in from) old.TryAdd(identity(item), item);
        foreach (var item in to)
        {
            if (!old.TryGetValue(identity(item), out var same)) continue;
            item.Unknown = Copy(same.Unknown);
            within(same, item);
        }
    }

    private static Dictionary<string, JsonElement>? Copy(Dictionary<string, JsonElement>? members)
        => members is null ? null : new(members, StringComparer.Ordinal);

    private static string Name(string? name) => (name ?? "").ToUpperInvariant();
}
