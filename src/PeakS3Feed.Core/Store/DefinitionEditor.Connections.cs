using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Store;

/// <content>Connections.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>The connection of that name.</summary>
    /// <exception cref="Errors.FeedException"><c>ConnectionNotFound</c>, with the names that there are.</exception>
    public async Task<S3Connection> FindConnectionAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetConnection(name);

    /// <summary>Makes a connection: a draft, with a random external id where it has none and may come to assume a role.</summary>
    /// <returns>The connection as it was stored.</returns>
    /// <exception cref="Errors.FeedException"><c>ConnectionInvalid</c>, <c>NameInUse</c>.</exception>
    public Task<S3Connection> AddAsync(S3Connection connection, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, connection), cancellationToken);

    /// <summary>
    /// Changes a connection. The name stays; a verified one that is reached otherwise than before becomes untested, and the status that
    /// <paramref name="edit"/> gives does not count.
    /// </summary>
    /// <exception cref="Errors.FeedException">
    /// <c>ConnectionNotFound</c>; <c>ConnectionInvalid</c>, also for a root path that leaves feeds outside; <c>SettingInvalid</c> for another name.
    /// </exception>
    public async Task<ConnectionChange> EditConnectionAsync(string name, Func<S3Connection, S3Connection> edit, CancellationToken cancellationToken = default)
    {
        var (old, now) = await UpdateAsync(d => Edit(d, name, edit), cancellationToken);
        return new(old, now, S3FeedPolicy.IsOutdated(old, now));
    }

    /// <summary>Removes a connection.</summary>
    /// <exception cref="Errors.FeedException"><c>ConnectionNotFound</c>; <c>ConnectionInUse</c>, with the feeds that use it.</exception>
    public Task RemoveConnectionAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutConnection(d.GetConnection(name).Name), cancellationToken);

    /// <summary>Changes settings of a connection that are given as text: all of them, or none.</summary>
    /// <param name="name">The connection.</param>
    /// <param name="settings">Keys as in the import document, and values; an empty value goes back to the default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException"><c>ConnectionNotFound</c>; <c>SettingInvalid</c>: a key or a value, or what an import would refuse.</exception>
    public Task<SettingsResult<S3Connection>> SetConnectionAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken = default)
        => UpdateAsync(d => TextSettings.Apply(d, d.GetConnection(name), settings, _store.Format), cancellationToken);

    /// <summary>Records how a connection's test went, if the store still has the connection that was tested.</summary>
    internal async Task RecordTestAsync(S3Connection tested, ConnectionStatus status, CancellationToken cancellationToken)
    {
        if (tested.Status != status)
            await _store.UpdateAsync(d => d.FindConnection(tested.Name) == tested ? d.With(tested with { Status = status }) : d, cancellationToken);
    }

    /// <summary>The connection as it goes into the store.</summary>
    /// <param name="old">The stored connection of that name, or null.</param>
    /// <param name="given">The connection that is wanted; its status is ignored.</param>
    internal static S3Connection Next(S3Connection? old, S3Connection given)
    {
        if (old is null) return (given with { Status = ConnectionStatus.Draft }).WithExternalId();
        var next = given with { Name = old.Name, Status = old.Status };
        return old.Status == ConnectionStatus.Verified && Access(next) != Access(old) ? next with { Status = ConnectionStatus.Untested } : next;
    }

    /// <summary>The store with a new connection.</summary>
    internal static (StoreDefinitions Definitions, S3Connection Made) Add(StoreDefinitions current, S3Connection given)
    {
        var made = Next(old: null, given);
        ConnectionRules.ThrowIfInvalid(made);
        return current.FindConnection(made.Name) is { } other ? throw StoreErrors.NameInUse("Connection", other.Name) : (current.With(made), made);
    }

    /// <summary>The store with a connection changed; the same store when nothing is.</summary>
    internal static (StoreDefinitions Definitions, (S3Connection Old, S3Connection Now) Change) Edit(
        StoreDefinitions current, string name, Func<S3Connection, S3Connection> edit)
    {
        var old = current.GetConnection(name);
        var given = edit(old);
        if (!string.Equals(given.Name, old.Name, StringComparison.Ordinal)) throw SettingErrors.Fixed(old, "name");
        var now = Next(old, given);
        if (now == old) return (current, (old, old));
        ConnectionRules.ThrowIfInvalid(now);
        var after = current.With(now);
        return Stranded(current, after, now.Name) is { } problem ? throw DefinitionErrors.Invalid("Connection", now.Name, [problem]) : (after, (old, now));
    }

    /// <summary>The problem of a new root path that leaves feeds outside whose paths were inside and are not changed along with it, or null.</summary>
    internal static DefinitionProblem? Stranded(StoreDefinitions before, StoreDefinitions after, string name)
    {
        if (before.FindConnection(name) is not { } old || after.FindConnection(name) is not { } now) return null;
        var stranded = after.Feeds
            .Where(f => ReferenceEquals(f, before.FindFeed(f.Id)) && string.Equals(f.ConnectionName, name, StringComparison.OrdinalIgnoreCase))
            .Where(f => IsOutside(f, now) && !IsOutside(f, old))
            .Select(f => f.Name)
            .ToList();
        return stranded.Count == 0 ? null : new(
            nameof(S3Connection.RootPath),
            $"With the root path \"{now.RootPath}\", the paths of feeds in the store would no longer lie under it: {string.Join(", ", stranded)}.",
            "Import the connection and these feeds with new paths in one document, or keep the root path.");
    }

    // What requests are made with. The other settings are for the policy alone.
    private static S3Connection Access(S3Connection connection)
        => connection with { TrustedPrincipal = null, KmsKeyArn = null, Status = ConnectionStatus.Draft };

    private static bool IsOutside(S3Feed feed, S3Connection connection) => FeedRules.Check(feed, connection).Any(p => p.Field == nameof(S3Feed.Path));
}
