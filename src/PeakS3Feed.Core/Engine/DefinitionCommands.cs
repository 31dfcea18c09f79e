using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>
/// Makes, finds, changes and removes definitions, one at a time and under the rules of an import. What changes nothing writes nothing.
/// </summary>
/// <remarks>
/// Besides what stands at each method, all throw what the store throws: see <see cref="DefinitionStore.UpdateAsync"/>. Edits get the
/// definition as it is at that moment, while nobody else can write, and are called once.
/// </remarks>
public sealed class DefinitionCommands
{
    private readonly DefinitionStore _store;

    internal DefinitionCommands(DefinitionStore store) => _store = store;

    /// <summary>The connection of that name.</summary>
    /// <exception cref="Errors.FeedException"><c>ConnectionNotFound</c>, with the names that there are.</exception>
    public async Task<S3Connection> FindConnectionAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetConnection(name);

    /// <summary>The destination of that name, <c>local</c> among them.</summary>
    /// <exception cref="Errors.FeedException"><c>DestinationNotFound</c>, with the names that there are.</exception>
    public async Task<S3FeedDestination> FindDestinationAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetDestination(name);

    /// <summary>The feed of that name.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, with the names that there are.</exception>
    public async Task<S3Feed> FindFeedAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetFeed(name);

    /// <summary>Makes a connection: a draft, with a random external id where it has none and may come to assume a role.</summary>
    /// <returns>The connection as it was stored.</returns>
    /// <exception cref="Errors.FeedException"><c>ConnectionInvalid</c>, <c>NameInUse</c>.</exception>
    public async Task<S3Connection> AddAsync(S3Connection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var made = ConnectionChanges.Next(old: null, connection);
        ConnectionRules.Demand(made);
        await _store.UpdateAsync(d => d.FindConnection(made.Name) is { } other ? throw StoreErrors.NameInUse("Connection", other.Name) : d.With(made), cancellationToken);
        return made;
    }

    /// <summary>Makes a destination.</summary>
    /// <exception cref="Errors.FeedException"><c>DestinationInvalid</c>, <c>NameInUse</c>; <c>NameReserved</c> for <c>local</c>.</exception>
    public async Task<S3FeedDestination> AddAsync(S3FeedDestination destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (StoreDefinitions.IsLocal(destination.Name)) throw StoreErrors.LocalIsReserved();
        DestinationRules.Demand(destination);
        await _store.UpdateAsync(
            d => d.FindDestination(destination.Name) is { } other ? throw StoreErrors.NameInUse("Destination", other.Name) : d.With(destination), cancellationToken);
        return destination;
    }

    /// <summary>Makes a feed.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedInvalid</c>, <c>NameInUse</c>, <c>FeedIdInUse</c>; <c>ConnectionNotFound</c> and <c>DestinationNotFound</c> for what it names.
    /// </exception>
    public async Task<S3Feed> AddAsync(S3Feed feed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(feed);
        await _store.UpdateAsync(d => Added(d, feed), cancellationToken);
        return feed;
    }

    /// <summary>
    /// Changes a connection. The name stays; a verified one that is reached otherwise than before becomes untested, and the status that
    /// <paramref name="edit"/> gives does not count.
    /// </summary>
    /// <exception cref="Errors.FeedException">
    /// <c>ConnectionNotFound</c>; <c>ConnectionInvalid</c>, also for a root path that leaves feeds outside; <c>SettingInvalid</c> for another name.
    /// </exception>
    public async Task<ConnectionChange> EditConnectionAsync(string name, Func<S3Connection, S3Connection> edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        ConnectionChange? change = null;
        await _store.UpdateAsync(
            before =>
            {
                var old = before.GetConnection(name);
                var given = edit(old);
                if (!string.Equals(given.Name, old.Name, StringComparison.Ordinal)) throw SettingErrors.Fixed(old, "name");
                var now = ConnectionChanges.Next(old, given);
                change = new(old, now, S3FeedPolicy.IsOutdated(old, now));
                if (now == old) return before;
                ConnectionRules.Demand(now);
                var after = before.With(now);
                ConnectionChanges.DemandNoneStranded(before, after, now.Name);
                return after;
            },
            cancellationToken);
        return change!;
    }

    /// <summary>Changes a destination; the name stays.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>DestinationNotFound</c>, <c>DestinationInvalid</c>; <c>NameReserved</c> for <c>local</c>; <c>SettingInvalid</c> for another name.
    /// </exception>
    public async Task<S3FeedDestination> EditDestinationAsync(
        string name, Func<S3FeedDestination, S3FeedDestination> edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        if (StoreDefinitions.IsLocal(name)) throw StoreErrors.LocalIsFixed();
        S3FeedDestination? now = null;
        await _store.UpdateAsync(
            before =>
            {
                var old = before.GetDestination(name);
                now = edit(old);
                if (!string.Equals(now.Name, old.Name, StringComparison.Ordinal)) throw SettingErrors.NameIsFixed(old);
                if (now == old) return before;
                DestinationRules.Demand(now);
                return before.With(now);
            },
            cancellationToken);
        return now!;
    }

    /// <summary>Changes a feed; id and name stay.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>ConnectionNotFound</c>, <c>DestinationNotFound</c>; <c>SettingInvalid</c> for another id or name.
    /// </exception>
    public Task<S3Feed> EditFeedAsync(string name, Func<S3Feed, S3Feed> edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return ChangeAsync(name, (_, old) => Edited(old, edit), cancellationToken);
    }

    /// <summary>Gives a feed another name. Its id stays, and so does its table with the rows in it.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>NameInUse</c>.</exception>
    public Task<S3Feed> RenameFeedAsync(string name, string newName, CancellationToken cancellationToken = default)
        => ChangeAsync(
            name,
            (d, old) => d.FindFeed(newName) is { } other && other.Id != old.Id
                ? throw StoreErrors.NameInUse("Feed", other.Name)
                : FeedChanges.InItsTable(old, old with { Name = newName }),
            cancellationToken);

    /// <summary>Lets a feed run, or keeps it from running.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, <c>FeedInvalid</c>.</exception>
    public Task<S3Feed> SetEnabledAsync(string name, bool enabled, CancellationToken cancellationToken = default)
        => EditFeedAsync(name, f => f with { Enabled = enabled }, cancellationToken);

    /// <summary>Makes a feed after another one: with an id and a table of its own, in which it has loaded nothing yet.</summary>
    /// <param name="name">The feed to copy.</param>
    /// <param name="newName">The copy's name, and that of its table.</param>
    /// <param name="edit">Changes the copy before it is made; id and name stay. Null for nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">As <see cref="AddAsync(S3Feed, CancellationToken)"/> and <see cref="EditFeedAsync"/>.</exception>
    public async Task<S3Feed> CopyFeedAsync(string name, string newName, Func<S3Feed, S3Feed>? edit, CancellationToken cancellationToken = default)
    {
        S3Feed? copy = null;
        await _store.UpdateAsync(
            d =>
            {
                copy = d.GetFeed(name) with { Id = Guid.NewGuid(), Name = newName, Table = null, AdoptTable = false };
                if (edit is not null) copy = Edited(copy, edit);
                return Added(d, copy);
            },
            cancellationToken);
        return copy!;
    }

    /// <summary>Removes a connection.</summary>
    /// <exception cref="Errors.FeedException"><c>ConnectionNotFound</c>; <c>ConnectionInUse</c>, with the feeds that use it.</exception>
    public Task RemoveConnectionAsync(string name, CancellationToken cancellationToken = default)
        => _store.UpdateAsync(d => d.WithoutConnection(d.GetConnection(name).Name), cancellationToken);

    /// <summary>Removes a destination's definition; what it holds stays.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>DestinationNotFound</c>; <c>DestinationInUse</c>, with the feeds that use it; <c>NameReserved</c> for <c>local</c>.
    /// </exception>
    public Task RemoveDestinationAsync(string name, CancellationToken cancellationToken = default)
        => StoreDefinitions.IsLocal(name)
            ? throw StoreErrors.LocalIsFixed()
            : _store.UpdateAsync(d => d.WithoutDestination(d.GetDestination(name).Name), cancellationToken);

    private async Task<S3Feed> ChangeAsync(string name, Func<StoreDefinitions, S3Feed, S3Feed> change, CancellationToken cancellationToken)
    {
        S3Feed? now = null;
        await _store.UpdateAsync(
            before =>
            {
                var old = before.GetFeed(name);
                now = change(before, old);
                if (FeedChanges.Same(old, now)) return before;
                FeedRules.Demand(now, before.FindConnection(now.ConnectionName));
                return before.With(now);
            },
            cancellationToken);
        return now!;
    }

    private static S3Feed Edited(S3Feed old, Func<S3Feed, S3Feed> edit)
    {
        var now = edit(old);
        if (now.Id != old.Id) throw SettingErrors.IdIsFixed(old);
        return string.Equals(now.Name, old.Name, StringComparison.Ordinal) ? now : throw SettingErrors.NameIsFixed(old);
    }

    private static StoreDefinitions Added(StoreDefinitions definitions, S3Feed feed)
    {
        FeedRules.Demand(feed, definitions.FindConnection(feed.ConnectionName));
        if (definitions.FindFeed(feed.Name) is { } other) throw StoreErrors.NameInUse("Feed", other.Name);
        return definitions.FindFeed(feed.Id) is null ? definitions.With(feed) : throw StoreErrors.IdInUse(feed.Name, feed.Id);
    }
}
