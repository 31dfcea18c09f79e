using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store;

/// <content>Watchers.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>The watcher of that name.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherNotFound</c>, with the names that there are.</exception>
    public async Task<S3FeedWatcher> FindWatcherAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetWatcher(name);

    /// <summary>Makes a watcher, which tells of what happens from now on.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherInvalid</c>, <c>NameInUse</c>, <c>FeedNotFound</c>.</exception>
    public Task<S3FeedWatcher> AddAsync(S3FeedWatcher watcher, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, watcher, _time.GetUtcNow()), cancellationToken);

    /// <summary>Removes a watcher.</summary>
    /// <exception cref="Errors.FeedException"><c>WatcherNotFound</c>.</exception>
    public Task RemoveWatcherAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutWatcher(d.GetWatcher(name).Id), cancellationToken);

    /// <summary>The watcher as it goes into the store.</summary>
    /// <param name="old">The stored watcher, or null.</param>
    /// <param name="given">The watcher that is wanted.</param>
    /// <param name="now">A watcher that is new or watches something else than before sends nothing about what ended before this instant.</param>
    internal static S3FeedWatcher Next(S3FeedWatcher? old, S3FeedWatcher given, DateTimeOffset now)
    {
        var next = given with { Since = old?.Since };
        return old is not null && Same(Watched(old), Watched(next)) ? next : next with { Since = now };
    }

    /// <summary>
    /// The store with a new watcher; one without a name gets one. Where there is one of these settings already, and of this name if one is
    /// given, that one stays and nothing is made: a script may run twice.
    /// </summary>
    internal static (StoreDefinitions Definitions, S3FeedWatcher Made) Add(StoreDefinitions current, S3FeedWatcher given, DateTimeOffset now)
    {
        var feed = given.WatchesAll ? given.FeedName : current.GetFeed(given.FeedName).Name;
        given = given with { FeedName = feed };
        if (current.Watchers.FirstOrDefault(w => (given.Name.Length == 0 || IsNamed(w, given.Name)) && Same(Settings(w), Settings(given))) is { } there)
            return (current, there);
        var name = given.Name.Length > 0 ? given.Name : FindFreeName($"{(given.WatchesAll ? "all" : feed)}_{given.Kind.ToString().ToLowerInvariant()}", n => current.FindWatcher(n) is not null);
        var made = Next(old: null, given with { Name = name }, now);
        WatcherRules.ThrowIfInvalid(made);
        if (current.FindWatcher(made.Name) is { } other) throw StoreErrors.NameInUse("Watcher", other.Name);
        return current.FindWatcher(made.Id) is null ? (current.With(made), made) : throw StoreErrors.IdInUse("Watcher", made.Name, made.Id.ToString());
    }

    /// <summary>Whether two watchers are the same as they are written.</summary>
    internal static bool Same(S3FeedWatcher left, S3FeedWatcher right) => DefinitionFormat.AreSame(left, right);

    private static bool IsNamed(S3FeedWatcher watcher, string name) => string.Equals(watcher.Name, name, StringComparison.OrdinalIgnoreCase);

    // What a script says of a watcher, but for its name.
    private static S3FeedWatcher Settings(S3FeedWatcher w) => w with { Id = Guid.Empty, Name = "", FeedName = w.FeedName.ToUpperInvariant(), Since = null, Enabled = true };

    // What it watches, and not how it tells.
    private static S3FeedWatcher Watched(S3FeedWatcher w) => new()
    {
        Id = Guid.Empty, Name = "", Kind = default, FeedName = w.FeedName.ToUpperInvariant(), Events = w.Events, LongerThan = w.LongerThan,
        ArrivesBy = w.ArrivesBy, ArrivesOn = w.ArrivesOn, TimeZone = w.TimeZone, Enabled = w.Enabled,
    };
}
