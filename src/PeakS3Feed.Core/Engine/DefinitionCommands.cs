using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

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
    private readonly TimeProvider _time;
    private readonly bool _writes;

    internal DefinitionCommands(DefinitionStore store, TimeProvider time, bool writes = true) => (_store, _time, _writes) = (store, time, writes);

    /// <summary>The same commands, which check everything, write nothing, and give what they would have made.</summary>
    public DefinitionCommands DryRun => new(_store, _time, writes: false);

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
    public Task<S3Connection> AddAsync(S3Connection connection, CancellationToken cancellationToken = default)
        => UpdateAsync(d => ConnectionChanges.Add(d, connection), cancellationToken);

    /// <summary>Makes a destination.</summary>
    /// <exception cref="Errors.FeedException"><c>DestinationInvalid</c>, <c>NameInUse</c>; <c>NameReserved</c> for <c>local</c>.</exception>
    public Task<S3FeedDestination> AddAsync(S3FeedDestination destination, CancellationToken cancellationToken = default)
        => UpdateAsync(d => DestinationChanges.Add(d, destination, _store.Kinds), cancellationToken);

    /// <summary>Makes a feed.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedInvalid</c>, <c>NameInUse</c>, <c>FeedIdInUse</c>; <c>ConnectionNotFound</c> and <c>DestinationNotFound</c> for what it names.
    /// </exception>
    public Task<S3Feed> AddAsync(S3Feed feed, CancellationToken cancellationToken = default)
        => UpdateAsync(d => FeedChanges.Add(d, feed), cancellationToken);

    /// <summary>
    /// Changes a connection. The name stays; a verified one that is reached otherwise than before becomes untested, and the status that
    /// <paramref name="edit"/> gives does not count.
    /// </summary>
    /// <exception cref="Errors.FeedException">
    /// <c>ConnectionNotFound</c>; <c>ConnectionInvalid</c>, also for a root path that leaves feeds outside; <c>SettingInvalid</c> for another name.
    /// </exception>
    public async Task<ConnectionChange> EditConnectionAsync(string name, Func<S3Connection, S3Connection> edit, CancellationToken cancellationToken = default)
    {
        var (old, now) = await UpdateAsync(d => ConnectionChanges.Edit(d, name, edit), cancellationToken);
        return new(old, now, S3FeedPolicy.IsOutdated(old, now));
    }

    /// <summary>Changes a destination; the name stays.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>DestinationNotFound</c>, <c>DestinationInvalid</c>; <c>NameReserved</c> for <c>local</c>; <c>SettingInvalid</c> for another name.
    /// </exception>
    public Task<S3FeedDestination> EditDestinationAsync(
        string name, Func<S3FeedDestination, S3FeedDestination> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(d => DestinationChanges.Edit(d, name, edit, _store.Kinds), cancellationToken);

    /// <summary>Changes a destination of a certain kind.</summary>
    /// <exception cref="Errors.FeedException">As above; <c>SettingInvalid</c> for a destination of another kind.</exception>
    public async Task<T> EditDestinationAsync<T>(string name, Func<T, T> edit, CancellationToken cancellationToken = default)
        where T : S3FeedDestination
    {
        ArgumentNullException.ThrowIfNull(edit);
        return (T)await EditDestinationAsync(name, d => d is T right ? edit(right) : throw SettingErrors.OtherKind(d), cancellationToken);
    }

    /// <summary>Changes a feed; id and name stay.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>ConnectionNotFound</c>, <c>DestinationNotFound</c>; <c>SettingInvalid</c> for another id or name.
    /// </exception>
    public Task<S3Feed> EditFeedAsync(string name, Func<S3Feed, S3Feed> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(
            d =>
            {
                var (definitions, feed) = FeedChanges.Edit(d, name, edit);
                return (TriggerChanges.AfterFeeds(d, definitions, _time.GetUtcNow()), feed);
            }, cancellationToken);

    /// <summary>Gives a feed another name. Its id stays, and so does its table with the rows in it.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>NameInUse</c>.</exception>
    public Task<S3Feed> RenameFeedAsync(string name, string newName, CancellationToken cancellationToken = default)
        => UpdateAsync(d => FeedChanges.Rename(d, name, newName), cancellationToken);

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
    public Task<S3Feed> CopyFeedAsync(string name, string newName, Func<S3Feed, S3Feed>? edit, CancellationToken cancellationToken = default)
        => UpdateAsync(d => FeedChanges.Copy(d, name, newName, edit), cancellationToken);

    /// <summary>Removes a connection.</summary>
    /// <exception cref="Errors.FeedException"><c>ConnectionNotFound</c>; <c>ConnectionInUse</c>, with the feeds that use it.</exception>
    public Task RemoveConnectionAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutConnection(d.GetConnection(name).Name), cancellationToken);

    /// <summary>Removes a destination's definition; what it holds stays.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>DestinationNotFound</c>; <c>DestinationInUse</c>, with the feeds that use it; <c>NameReserved</c> for <c>local</c>.
    /// </exception>
    public Task RemoveDestinationAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => DestinationChanges.Remove(d, name), cancellationToken);

    /// <summary>The trigger of that name.</summary>
    /// <exception cref="Errors.FeedException"><c>TriggerNotFound</c>, with the names that there are.</exception>
    public async Task<S3FeedTrigger> FindTriggerAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetTrigger(name);

    /// <summary>Makes a trigger. What was due before now is not missed; a webhook gets its id, one with an empty name a name.</summary>
    /// <returns>The trigger as it was stored.</returns>
    /// <exception cref="Errors.FeedException">
    /// <c>TriggerInvalid</c>, <c>NameInUse</c>, <c>FeedNotFound</c>; <c>TriggerNeverFires</c>: all its times have passed; <c>SecretNeedsPowerShell</c>:
    /// only the worker answers requests, and the feed has a secret that it could not read.
    /// </exception>
    public Task<S3FeedTrigger> AddAsync(S3FeedTrigger trigger, CancellationToken cancellationToken = default)
        => UpdateAsync(d => TriggerChanges.Add(d, trigger, _time.GetUtcNow(), _store.Kinds), cancellationToken);

    /// <summary>The secrets of a trigger's feed that are in vaults: the worker cannot open them, so that only cmdlets can run the trigger.</summary>
    public async Task<IReadOnlyList<SecretReference>> VaultsOfAsync(S3FeedTrigger trigger, CancellationToken cancellationToken = default)
        => [.. TriggerChanges.VaultsOf(await _store.ReadAsync(cancellationToken), trigger, _store.Kinds)];

    /// <summary>Changes a trigger. One that fires at other times than before, or again, misses nothing that was due before now.</summary>
    /// <exception cref="Errors.FeedException">As <see cref="AddAsync(S3FeedTrigger, CancellationToken)"/>; <c>TriggerNotFound</c>.</exception>
    public Task<S3FeedTrigger> EditTriggerAsync(string name, Func<S3FeedTrigger, S3FeedTrigger> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(d => TriggerChanges.Edit(d, name, edit, _time.GetUtcNow(), _store.Kinds), cancellationToken);

    /// <summary>Removes a trigger.</summary>
    /// <exception cref="Errors.FeedException"><c>TriggerNotFound</c>.</exception>
    public Task RemoveTriggerAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutTrigger(d.GetTrigger(name).Id), cancellationToken);

    /// <summary>The watcher of that name.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherNotFound</c>, with the names that there are.</exception>
    public async Task<S3FeedWatcher> FindWatcherAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetWatcher(name);

    /// <summary>Makes a watcher, which tells of what happens from now on.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherInvalid</c>, <c>NameInUse</c>, <c>FeedNotFound</c>.</exception>
    public Task<S3FeedWatcher> AddAsync(S3FeedWatcher watcher, CancellationToken cancellationToken = default)
        => UpdateAsync(d => WatcherChanges.Add(d, watcher, _time.GetUtcNow()), cancellationToken);

    /// <summary>Removes a watcher.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherNotFound</c>.</exception>
    public Task RemoveWatcherAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutWatcher(d.GetWatcher(name).Id), cancellationToken);

    private Task<T> UpdateAsync<T>(Func<StoreDefinitions, (StoreDefinitions Definitions, T Result)> update, CancellationToken cancellationToken)
        => _writes ? _store.UpdateAsync(update, cancellationToken) : _store.CheckAsync(update, cancellationToken);

    private Task UpdateAsync(Func<StoreDefinitions, StoreDefinitions> update, CancellationToken cancellationToken)
        => UpdateAsync(d => (update(d), true), cancellationToken);
}
