using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store;

/// <content>Watchers.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>Returns the watcher with this name.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherNotFound</c>, with the existing names.</exception>
    public async Task<S3FeedWatcher> FindWatcherAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetWatcher(name);

    /// <summary>Adds a watcher. It notifies of events from now on.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherInvalid</c>, <c>NameInUse</c>, <c>FeedNotFound</c>.</exception>
    public Task<S3FeedWatcher> AddAsync(S3FeedWatcher watcher, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, watcher, _time.GetUtcNow()), cancellationToken);

    /// <summary>Changes a watcher. If it then watches something else, it notifies of events from now on.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherNotFound</c>, <c>WatcherInvalid</c>, <c>FeedNotFound</c>.</exception>
    public Task<S3FeedWatcher> EditWatcherAsync(string name, Func<S3FeedWatcher, S3FeedWatcher> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Edit(d, name, edit, _time.GetUtcNow()), cancellationToken);

    /// <summary>Removes a watcher.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherNotFound</c>.</exception>
    public Task RemoveWatcherAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutWatcher(d.GetWatcher(name).Id), cancellationToken);

    /// <summary>Prepares a watcher for the store: sets the time since which it notifies.</summary>
    /// <param name="old">The stored watcher, or null.</param>
    /// <param name="given">The new watcher.</param>
    /// <param name="now">The time since which a watcher notifies that is new or watches something else than before.</param>
    internal static S3FeedWatcher Prepare(S3FeedWatcher? old, S3FeedWatcher given, DateTimeOffset now)
    {
        var next = given with { Since = old?.Since };
        return old is not null && Same(WatchedSettings(old), WatchedSettings(next)) ? next : next with { Since = now };
    }

    /// <summary>
    /// Adds a watcher to the definitions; one without a name gets one. If a watcher with these settings exists (and with this name, if one is given),
    /// returns that watcher and adds nothing, so that a script can run twice.
    /// </summary>
    internal static (StoreDefinitions Definitions, S3FeedWatcher Added) Add(StoreDefinitions current, S3FeedWatcher given, DateTimeOffset now)
    {
        var feed = given.WatchesAll ? given.FeedName : current.GetFeed(given.FeedName).Name;
        given = given with { FeedName = feed };
        if (current.Watchers.FirstOrDefault(
            w => (given.Name.Length == 0 || IsNamed(w, given.Name)) && Same(Settings(w), Settings(given))) is { } existing)
            return (current, existing);
        var prefix = given.WatchesAll ? "all" : feed;
        var name = given.Name.Length > 0
            ? given.Name
            : FindFreeName(current, prefix, given.Kind == WatcherKind.Email ? "email" : "notify");
        var added = Prepare(old: null, given with { Name = name }, now);
        WatcherRules.ThrowIfInvalid(added);
        if (current.FindWatcher(added.Name) is { } other) throw StoreErrors.NameInUse("Watcher", other.Name);
        return current.FindWatcher(added.Id) is null
            ? (current.With(added), added)
            : throw StoreErrors.IdInUse("Watcher", added.Name, added.Id.ToString());
    }

    private static (StoreDefinitions Definitions, S3FeedWatcher Changed) Edit(
        StoreDefinitions current, string name, Func<S3FeedWatcher, S3FeedWatcher> edit, DateTimeOffset now)
    {
        var old = current.GetWatcher(name);
        var changed = edit(old) with { Id = old.Id, Name = old.Name };
        if (!changed.WatchesAll)
            changed = changed with { FeedName = current.GetFeed(changed.FeedName).Name };
        changed = Prepare(old, changed, now);
        WatcherRules.ThrowIfInvalid(changed);
        return (current.With(changed), changed);
    }

    /// <summary>Returns whether two watchers are equal when written as JSON.</summary>
    internal static bool Same(S3FeedWatcher left, S3FeedWatcher right) => DefinitionFormat.AreSame(left, right);

    private static bool IsNamed(S3FeedWatcher watcher, string name) => string.Equals(watcher.Name, name, StringComparison.OrdinalIgnoreCase);

    // The settings that a script gives, except the name.
    private static S3FeedWatcher Settings(S3FeedWatcher w)
        => w with { Id = Guid.Empty, Name = "", FeedName = w.FeedName.ToUpperInvariant(), Since = null, Enabled = true };

    // The settings that decide which events the watcher notifies of, and not how.
    private static S3FeedWatcher WatchedSettings(S3FeedWatcher w) => new()
    {
        Id = Guid.Empty, Name = "", Kind = default, FeedName = w.FeedName.ToUpperInvariant(), Events = w.Events, LongerThan = w.LongerThan,
        ArrivesBy = w.ArrivesBy, ArrivesOn = w.ArrivesOn, TimeZone = w.TimeZone, Enabled = w.Enabled,
    };
}
