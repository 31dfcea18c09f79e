using System.Text.Json.Serialization;
using PeakS3Feed.Connections;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store;

/// <summary>All definitions at one moment. Immutable; names are found regardless of case.</summary>
public sealed record StoreDefinitions : WrittenRecord
{
    /// <summary>The name of the destination that exists without being made.</summary>
    public const string LocalName = DestinationKinds.LocalName;

    /// <summary>A store with nothing in it.</summary>
    public static StoreDefinitions Empty { get; } = new();

    /// <summary>The destination that exists without being made. It is not written.</summary>
    public static S3FeedDestination Local => BuiltInDestinations.Local;

    /// <summary>The version of the format that the file is written in.</summary>
    [JsonInclude]
    [Written(Always = true)]
    internal FormatVersion FormatVersion { get; init; } = FormatVersion.Current;

    /// <summary>The connections, in the order they were made.</summary>
    [Written(Always = true)]
    public IReadOnlyList<S3Connection> Connections { get; init; } = [];

    /// <summary>The feeds, in the order they were made.</summary>
    [Written(Always = true)]
    public IReadOnlyList<S3Feed> Feeds { get; init; } = [];

    /// <summary>The destinations that were made, in that order; without <see cref="Local"/>.</summary>
    [Written(Always = true)]
    public IReadOnlyList<S3FeedDestination> Destinations { get; init; } = [];

    /// <summary>The triggers, in the order they were made.</summary>
    public IReadOnlyList<S3FeedTrigger> Triggers { get; init; } = [];

    /// <summary>The watchers, in the order they were made.</summary>
    public IReadOnlyList<S3FeedWatcher> Watchers { get; init; } = [];

    /// <summary>The connection of that name, or null.</summary>
    public S3Connection? FindConnection(string name) => Connections.FirstOrDefault(c => Same(c.Name, name));

    /// <summary>The feed of that name, or null.</summary>
    public S3Feed? FindFeed(string name) => Feeds.FirstOrDefault(f => Same(f.Name, name));

    /// <summary>The feed of that id, or null.</summary>
    public S3Feed? FindFeed(Guid id) => Feeds.FirstOrDefault(f => f.Id == id);

    /// <summary>The destination of that name, <see cref="Local"/> among them, or null.</summary>
    public S3FeedDestination? FindDestination(string name)
        => IsLocal(name) ? Local : Destinations.FirstOrDefault(d => Same(d.Name, name));

    /// <summary>The trigger of that name, or null.</summary>
    public S3FeedTrigger? FindTrigger(string name) => Triggers.FirstOrDefault(t => Same(t.Name, name));

    /// <summary>The trigger of that id, or null.</summary>
    public S3FeedTrigger? FindTrigger(Guid id) => Triggers.FirstOrDefault(t => t.Id == id);

    /// <summary>The watcher of that name, or null.</summary>
    public S3FeedWatcher? FindWatcher(string name) => Watchers.FirstOrDefault(w => Same(w.Name, name));

    /// <summary>The watcher of that id, or null.</summary>
    public S3FeedWatcher? FindWatcher(Guid id) => Watchers.FirstOrDefault(w => w.Id == id);

    /// <summary>The connection of that name.</summary>
    /// <exception cref="FeedException"><c>ConnectionNotFound</c>, with the names that there are.</exception>
    public S3Connection GetConnection(string name) => FindConnection(name) ?? throw DefinitionErrors.NotFound("Connection", name, Connections.Select(c => c.Name));

    /// <summary>The feed of that name.</summary>
    /// <exception cref="FeedException"><c>FeedNotFound</c>, with the names that there are.</exception>
    public S3Feed GetFeed(string name) => FindFeed(name) ?? throw FeedNotFound(name);

    /// <summary>The feed of that id, whatever its name is by now.</summary>
    /// <param name="id">The id.</param>
    /// <param name="name">The name it went by, for the error.</param>
    /// <exception cref="FeedException"><c>FeedNotFound</c>, with the names that there are.</exception>
    public S3Feed GetFeed(Guid id, string name) => FindFeed(id) ?? throw FeedNotFound(name);

    /// <summary>The destination of that name, <see cref="Local"/> among them.</summary>
    /// <exception cref="FeedException"><c>DestinationNotFound</c>, with the names that there are.</exception>
    public S3FeedDestination GetDestination(string name)
        => FindDestination(name) ?? throw DefinitionErrors.NotFound("Destination", name, DestinationNames);

    /// <summary>The trigger of that name.</summary>
    /// <exception cref="FeedException"><c>TriggerNotFound</c>, with the names that there are.</exception>
    public S3FeedTrigger GetTrigger(string name) => FindTrigger(name) ?? throw DefinitionErrors.NotFound("Trigger", name, Triggers.Select(t => t.Name));

    /// <summary>The watcher of that name.</summary>
    /// <exception cref="FeedException"><c>WatcherNotFound</c>, with the names that there are.</exception>
    public S3FeedWatcher GetWatcher(string name) => FindWatcher(name) ?? throw DefinitionErrors.NotFound("Watcher", name, Watchers.Select(w => w.Name));

    /// <summary>Those feeds alone, with the connections and destinations that they name, and with their own triggers and watchers.</summary>
    public StoreDefinitions Only(IReadOnlyCollection<S3Feed> feeds) => this with
    {
        Feeds = [.. feeds],
        Connections = [.. Connections.Where(c => feeds.Any(f => Same(f.ConnectionName, c.Name)))],
        Destinations = [.. Destinations.Where(d => feeds.Any(f => f.DestinationNames.Any(n => Same(n, d.Name))))],
        Triggers = [.. Triggers.Where(t => feeds.Any(f => Same(f.Name, t.FeedName)))],
        Watchers = [.. Watchers.Where(w => feeds.Any(f => Same(f.Name, w.FeedName)))],
    };

    /// <summary>With that connection, in the place of one of the same name or at the end.</summary>
    public StoreDefinitions With(S3Connection connection)
        => this with { Connections = Put(Connections, connection, c => Same(c.Name, connection.Name), (c, unknown) => c with { Unknown = unknown }) };

    /// <summary>With that feed, in the place of one of the same id or at the end. Its triggers and watchers follow it to another name.</summary>
    public StoreDefinitions With(S3Feed feed)
        => (FindFeed(feed.Id) is { } old ? Renamed(old.Name, feed.Name) : this) with
        {
            Feeds = Put(Feeds, FindFeed(feed.Id) is { } before ? WithUnknownOf(before, feed) : feed, f => f.Id == feed.Id, (f, unknown) => f with { Unknown = unknown }),
        };

    /// <summary>With that feed in the place of the one of another id.</summary>
    public StoreDefinitions WithReplaced(Guid id, S3Feed feed)
        => (FindFeed(id) is { } old ? Renamed(old.Name, feed.Name) : this) with { Feeds = [.. Feeds.Select(f => f.Id == id ? feed : f)] };

    /// <summary>With that trigger, in the place of one of the same id or at the end.</summary>
    public StoreDefinitions With(S3FeedTrigger trigger) => this with { Triggers = Put(Triggers, trigger, t => t.Id == trigger.Id, (t, unknown) => t with { Unknown = unknown }) };

    /// <summary>With that watcher, in the place of one of the same id or at the end.</summary>
    public StoreDefinitions With(S3FeedWatcher watcher) => this with { Watchers = Put(Watchers, watcher, w => w.Id == watcher.Id, (w, unknown) => w with { Unknown = unknown }) };

    /// <summary>With that destination, in the place of one of the same name or at the end.</summary>
    public StoreDefinitions With(S3FeedDestination destination)
        => this with { Destinations = Put(Destinations, destination, d => Same(d.Name, destination.Name), (d, unknown) => d with { Unknown = unknown }) };

    /// <summary>Without the connection of that name.</summary>
    public StoreDefinitions WithoutConnection(string name) => this with { Connections = [.. Connections.Where(c => !Same(c.Name, name))] };

    /// <summary>Without the feed of that id, and without its triggers and watchers.</summary>
    public StoreDefinitions WithoutFeed(Guid id) => FindFeed(id) is not { } feed ? this : this with
    {
        Feeds = [.. Feeds.Where(f => f.Id != id)],
        Triggers = [.. Triggers.Where(t => !Same(t.FeedName, feed.Name))],
        Watchers = [.. Watchers.Where(w => !Same(w.FeedName, feed.Name))],
    };

    /// <summary>Without the trigger of that id.</summary>
    public StoreDefinitions WithoutTrigger(Guid id) => this with { Triggers = [.. Triggers.Where(t => t.Id != id)] };

    /// <summary>Without the watcher of that id.</summary>
    public StoreDefinitions WithoutWatcher(Guid id) => this with { Watchers = [.. Watchers.Where(w => w.Id != id)] };

    /// <summary>Without the destination of that name.</summary>
    public StoreDefinitions WithoutDestination(string name) => this with { Destinations = [.. Destinations.Where(d => !Same(d.Name, name))] };

    /// <summary>Throws when a feed, its connection or its destination breaks a rule: people edit the file by hand.</summary>
    /// <exception cref="FeedException"><c>FeedInvalid</c>, <c>ConnectionInvalid</c>, <c>DestinationInvalid</c>.</exception>
    public static void Demand(S3Feed feed, S3Connection connection, S3FeedDestination destination, DestinationKinds kinds)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(kinds);
        ConnectionRules.ThrowIfInvalid(connection);
        if (!ReferenceEquals(destination, Local)) kinds.ThrowIfInvalid(destination);
        FeedRules.Demand(feed, connection);
    }

    /// <summary>The names of all destinations, <see cref="Local"/> among them.</summary>
    internal IEnumerable<string> DestinationNames => [LocalName, .. Destinations.Select(d => d.Name)];

    /// <summary>Whether a name is that of <see cref="Local"/>.</summary>
    internal static bool IsLocal(string name) => Same(name, LocalName);

    private StoreDefinitions Renamed(string old, string now) => string.Equals(old, now, StringComparison.Ordinal) ? this : this with
    {
        Triggers = [.. Triggers.Select(t => Same(t.FeedName, old) ? t with { FeedName = now } : t)],
        Watchers = [.. Watchers.Select(w => Same(w.FeedName, old) ? w with { FeedName = now } : w)],
    };

    private FeedException FeedNotFound(string name) => DefinitionErrors.NotFound("Feed", name, Feeds.Select(f => f.Name));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    // A definition that takes the place of another keeps the members that this version does not know.
    private static T[] Put<T>(IReadOnlyList<T> items, T item, Func<T, bool> isSame, Func<T, UnknownMembers, T> withUnknown)
        where T : WrittenRecord
    {
        if (items.FirstOrDefault(isSame) is not { } old) return [.. items, item];
        var next = item.Unknown.Count == 0 && old.Unknown.Count > 0 ? withUnknown(item, old.Unknown) : item;
        return [.. items.Select(i => isSame(i) ? next : i)];
    }

    private static S3Feed WithUnknownOf(S3Feed before, S3Feed feed)
    {
        if (before.Csv.Unknown.Count > 0 && feed.Csv.Unknown.Count == 0) feed = feed with { Csv = feed.Csv with { Unknown = before.Csv.Unknown } };
        return before.Schema is { } schema && feed.Schema is not null && schema.Columns.Any(c => c.Unknown.Count > 0)
            ? feed with { Schema = feed.Schema.WithUnknownOf(schema) }
            : feed;
    }
}
