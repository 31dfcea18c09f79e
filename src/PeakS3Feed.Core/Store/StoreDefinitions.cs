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

/// <summary>All definitions of a store at one moment. Immutable. Names are compared regardless of case.</summary>
public sealed record StoreDefinitions : DefinitionRecord
{
    /// <summary>The name of the built-in destination.</summary>
    public const string LocalName = DestinationKinds.LocalName;

    /// <summary>No definitions.</summary>
    public static StoreDefinitions Empty { get; } = new();

    /// <summary>The built-in destination. It is not written to the file.</summary>
    public static S3FeedDestination Local => BuiltInDestinations.Local;

    /// <summary>The format version of the file.</summary>
    [JsonInclude]
    [DefinitionMember(Always = true)]
    internal FormatVersion FormatVersion { get; init; } = FormatVersion.Current;

    /// <summary>The connections, in the order of their creation.</summary>
    [DefinitionMember(Always = true)]
    public IReadOnlyList<S3Connection> Connections { get; init; } = [];

    /// <summary>The feeds, in the order of their creation.</summary>
    [DefinitionMember(Always = true)]
    public IReadOnlyList<S3Feed> Feeds { get; init; } = [];

    /// <summary>The destinations without <see cref="Local"/>, in the order of their creation.</summary>
    [DefinitionMember(Always = true)]
    public IReadOnlyList<S3FeedDestination> Destinations { get; init; } = [];

    /// <summary>The triggers, in the order of their creation.</summary>
    public IReadOnlyList<S3FeedTrigger> Triggers { get; init; } = [];

    /// <summary>The watchers, in the order of their creation.</summary>
    public IReadOnlyList<S3FeedWatcher> Watchers { get; init; } = [];

    /// <summary>Returns the connection with this name, or null.</summary>
    public S3Connection? FindConnection(string name) => Connections.FirstOrDefault(c => Same(c.Name, name));

    /// <summary>Returns the feed with this name, or null.</summary>
    public S3Feed? FindFeed(string name) => Feeds.FirstOrDefault(f => Same(f.Name, name));

    /// <summary>Returns the feed with this id, or null.</summary>
    public S3Feed? FindFeed(Guid id) => Feeds.FirstOrDefault(f => f.Id == id);

    /// <summary>Returns the destination with this name, which may be <see cref="Local"/>; or null.</summary>
    public S3FeedDestination? FindDestination(string name)
        => IsLocal(name) ? Local : Destinations.FirstOrDefault(d => Same(d.Name, name));

    /// <summary>Returns the trigger with this name, or null.</summary>
    public S3FeedTrigger? FindTrigger(string name) => Triggers.FirstOrDefault(t => Same(t.Name, name));

    /// <summary>Returns the trigger with this id, or null.</summary>
    public S3FeedTrigger? FindTrigger(Guid id) => Triggers.FirstOrDefault(t => t.Id == id);

    /// <summary>Returns the watcher with this name, or null.</summary>
    public S3FeedWatcher? FindWatcher(string name) => Watchers.FirstOrDefault(w => Same(w.Name, name));

    /// <summary>Returns the watcher with this id, or null.</summary>
    public S3FeedWatcher? FindWatcher(Guid id) => Watchers.FirstOrDefault(w => w.Id == id);

    /// <summary>Returns the connection with this name.</summary>
    /// <exception cref="FeedException"><c>ConnectionNotFound</c>, with the existing names.</exception>
    public S3Connection GetConnection(string name)
        => FindConnection(name) ?? throw DefinitionErrors.NotFound("Connection", name, Connections.Select(c => c.Name));

    /// <summary>Returns the feed with this name.</summary>
    /// <exception cref="FeedException"><c>FeedNotFound</c>, with the existing names.</exception>
    public S3Feed GetFeed(string name) => FindFeed(name) ?? throw FeedNotFound(name);

    /// <summary>Returns the feed with this id, also after a rename.</summary>
    /// <param name="id">The id.</param>
    /// <param name="name">The name that the feed had, for the error.</param>
    /// <exception cref="FeedException"><c>FeedNotFound</c>, with the existing names.</exception>
    public S3Feed GetFeed(Guid id, string name) => FindFeed(id) ?? throw FeedNotFound(name);

    /// <summary>Returns the destination with this name, which may be <see cref="Local"/>.</summary>
    /// <exception cref="FeedException"><c>DestinationNotFound</c>, with the existing names.</exception>
    public S3FeedDestination GetDestination(string name)
        => FindDestination(name) ?? throw DefinitionErrors.NotFound("Destination", name, DestinationNames);

    /// <summary>Returns the trigger with this name.</summary>
    /// <exception cref="FeedException"><c>TriggerNotFound</c>, with the existing names.</exception>
    public S3FeedTrigger GetTrigger(string name)
        => FindTrigger(name) ?? throw DefinitionErrors.NotFound("Trigger", name, Triggers.Select(t => t.Name));

    /// <summary>Returns the watcher with this name.</summary>
    /// <exception cref="FeedException"><c>WatcherNotFound</c>, with the existing names.</exception>
    public S3FeedWatcher GetWatcher(string name)
        => FindWatcher(name) ?? throw DefinitionErrors.NotFound("Watcher", name, Watchers.Select(w => w.Name));

    /// <summary>
    /// Returns only these feeds, the destinations that they name, the connections that both name, and the feeds' own triggers and watchers.
    /// </summary>
    /// <param name="feeds">The feeds.</param>
    /// <param name="kinds">The kinds of destination of the store.</param>
    public StoreDefinitions ForFeeds(IReadOnlyCollection<S3Feed> feeds, DestinationKinds kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        IReadOnlyList<S3FeedDestination> destinations = [.. Destinations.Where(d => feeds.Any(f => f.DestinationNames.Any(n => Same(n, d.Name))))];
        var connections = feeds.Select(f => f.ConnectionName).Concat(destinations.SelectMany(kinds.Connections).Select(c => c.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return this with
        {
            Feeds = [.. feeds],
            Connections = [.. Connections.Where(c => connections.Contains(c.Name))],
            Destinations = destinations,
            Triggers = [.. Triggers.Where(t => feeds.Any(f => Same(f.Name, t.FeedName)))],
            Watchers = [.. Watchers.Where(w => feeds.Any(f => Same(f.Name, w.FeedName)))],
        };
    }

    /// <summary>Replaces the connection with the same name, or adds this one at the end.</summary>
    public StoreDefinitions With(S3Connection connection)
        => this with { Connections = Put(Connections, connection, c => Same(c.Name, connection.Name), (c, unknown) => c with { Unknown = unknown }) };

    /// <summary>
    /// Replaces the feed with the same id, or adds this one at the end. If the name changes, its triggers and watchers get the new name.
    /// </summary>
    public StoreDefinitions With(S3Feed feed)
        => (FindFeed(feed.Id) is { } old ? Renamed(old.Name, feed.Name) : this) with
        {
            Feeds = Put(
                Feeds, FindFeed(feed.Id) is { } before ? WithUnknownOf(before, feed) : feed,
                f => f.Id == feed.Id, (f, unknown) => f with { Unknown = unknown }),
        };

    /// <summary>Replaces the feed with this id by another feed.</summary>
    public StoreDefinitions WithReplaced(Guid id, S3Feed feed)
        => (FindFeed(id) is { } old ? Renamed(old.Name, feed.Name) : this) with { Feeds = [.. Feeds.Select(f => f.Id == id ? feed : f)] };

    /// <summary>Replaces the trigger with the same id, or adds this one at the end.</summary>
    public StoreDefinitions With(S3FeedTrigger trigger)
        => this with { Triggers = Put(Triggers, trigger, t => t.Id == trigger.Id, (t, unknown) => t with { Unknown = unknown }) };

    /// <summary>Replaces the watcher with the same id, or adds this one at the end.</summary>
    public StoreDefinitions With(S3FeedWatcher watcher)
        => this with { Watchers = Put(Watchers, watcher, w => w.Id == watcher.Id, (w, unknown) => w with { Unknown = unknown }) };

    /// <summary>Replaces the destination with the same name, or adds this one at the end.</summary>
    public StoreDefinitions With(S3FeedDestination destination) => this with
        {
            Destinations = Put(Destinations, destination, d => Same(d.Name, destination.Name), (d, unknown) => d with { Unknown = unknown }),
        };

    /// <summary>Removes the connection with this name.</summary>
    public StoreDefinitions WithoutConnection(string name) => this with { Connections = [.. Connections.Where(c => !Same(c.Name, name))] };

    /// <summary>Removes the feed with this id, its triggers and its watchers.</summary>
    public StoreDefinitions WithoutFeed(Guid id) => FindFeed(id) is not { } feed ? this : this with
    {
        Feeds = [.. Feeds.Where(f => f.Id != id)],
        Triggers = [.. Triggers.Where(t => !Same(t.FeedName, feed.Name))],
        Watchers = [.. Watchers.Where(w => !Same(w.FeedName, feed.Name))],
    };

    /// <summary>Removes the trigger with this id.</summary>
    public StoreDefinitions WithoutTrigger(Guid id) => this with { Triggers = [.. Triggers.Where(t => t.Id != id)] };

    /// <summary>Removes the watcher with this id.</summary>
    public StoreDefinitions WithoutWatcher(Guid id) => this with { Watchers = [.. Watchers.Where(w => w.Id != id)] };

    /// <summary>Removes the destination with this name.</summary>
    public StoreDefinitions WithoutDestination(string name) => this with { Destinations = [.. Destinations.Where(d => !Same(d.Name, name))] };

    /// <summary>Throws if a feed, its connection or one of its destinations is not valid: the file may have been edited by hand.</summary>
    /// <exception cref="FeedException">
    /// <c>FeedInvalid</c>, <c>ConnectionInvalid</c>, <c>DestinationInvalid</c>, <c>DestinationsDoNotCombine</c>.
    /// </exception>
    public static void ThrowIfInvalid(S3Feed feed, S3Connection connection, IReadOnlyList<S3FeedDestination> destinations, DestinationKinds kinds)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(kinds);
        ConnectionRules.ThrowIfInvalid(connection);
        foreach (var destination in destinations.Where(d => !ReferenceEquals(d, Local)))
            kinds.ThrowIfInvalid(destination);
        FeedRules.ThrowIfInvalid(feed, connection);
        kinds.ThrowIfNotCombinable(feed.Name, destinations);
        kinds.ThrowIfTableUnfit(feed.Name, feed.TableName, feed.PartitionBy.Count > 0, destinations);
    }

    /// <summary>The names of all destinations, including <see cref="Local"/>.</summary>
    internal IEnumerable<string> DestinationNames => [LocalName, .. Destinations.Select(d => d.Name)];

    /// <summary>Returns whether a name is that of <see cref="Local"/>.</summary>
    internal static bool IsLocal(string name) => Same(name, LocalName);

    private StoreDefinitions Renamed(string old, string now) => string.Equals(old, now, StringComparison.Ordinal) ? this : this with
    {
        Triggers = [.. Triggers.Select(t => Same(t.FeedName, old) ? t with { FeedName = now } : t)],
        Watchers = [.. Watchers.Select(w => Same(w.FeedName, old) ? w with { FeedName = now } : w)],
    };

    private FeedException FeedNotFound(string name) => DefinitionErrors.NotFound("Feed", name, Feeds.Select(f => f.Name));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    // A replaced definition hands its unknown members on to the new one.
    private static T[] Put<T>(IReadOnlyList<T> items, T item, Func<T, bool> isSame, Func<T, UnknownMembers, T> withUnknown)
        where T : DefinitionRecord
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
