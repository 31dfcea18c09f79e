using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Store;

/// <content>Connections.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>Returns the connection with this name.</summary>
    /// <exception cref="Errors.FeedException"><c>ConnectionNotFound</c>, with the existing names.</exception>
    public async Task<S3Connection> FindConnectionAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetConnection(name);

    /// <summary>Adds a connection as a draft. If it has no external id and may assume a role, it gets a random one.</summary>
    /// <returns>The connection as it was stored.</returns>
    /// <exception cref="Errors.FeedException"><c>ConnectionInvalid</c>, <c>NameInUse</c>.</exception>
    public Task<S3Connection> AddAsync(S3Connection connection, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, connection), cancellationToken);

    /// <summary>
    /// Changes a connection. The name cannot change. A verified connection becomes untested if the change affects its access; the status that
    /// <paramref name="edit"/> returns is ignored.
    /// </summary>
    /// <exception cref="Errors.FeedException">
    /// <c>ConnectionNotFound</c>; <c>ConnectionInvalid</c>, also if feeds are outside a new root path, or a destination could no longer use the
    /// connection; <c>SettingInvalid</c> for another name.
    /// </exception>
    public async Task<ConnectionChange> EditConnectionAsync(
        string name, Func<S3Connection, S3Connection> edit, CancellationToken cancellationToken = default)
    {
        var (old, now) = await UpdateAsync(d => Edit(d, name, edit, _store.Kinds), cancellationToken);
        return new(old, now, S3FeedPolicy.IsOutdated(old, now));
    }

    /// <summary>Removes a connection.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>ConnectionNotFound</c>; <c>ConnectionInUse</c>, with the feeds and destinations that name it.
    /// </exception>
    public Task RemoveConnectionAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutConnection(d.GetConnection(name).Name), cancellationToken);

    /// <summary>Changes settings of a connection, given as text: either all of them or none.</summary>
    /// <param name="name">The connection.</param>
    /// <param name="settings">Keys as in the import document, and values. An empty value restores the default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">
    /// <c>ConnectionNotFound</c>; <c>SettingInvalid</c>: a key or value is invalid, or an import would refuse the result.
    /// </exception>
    public Task<SettingsResult<S3Connection>> SetConnectionAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken = default)
        => UpdateAsync(d => TextSettings.Apply(d, d.GetConnection(name), settings, _store.Format), cancellationToken);

    /// <summary>Records the result of a connection's test, unless the connection has changed since.</summary>
    internal async Task RecordTestAsync(S3Connection tested, ConnectionStatus status, CancellationToken cancellationToken)
    {
        if (tested.Status != status)
            await _store.UpdateAsync(d => d.FindConnection(tested.Name) == tested ? d.With(tested with { Status = status }) : d, cancellationToken);
    }

    /// <summary>Prepares a connection for the store: sets its status and external id.</summary>
    /// <param name="old">The stored connection with this name, or null.</param>
    /// <param name="given">The new connection; its status is ignored.</param>
    internal static S3Connection Prepare(S3Connection? old, S3Connection given)
    {
        if (old is null) return (given with { Status = ConnectionStatus.Draft }).WithExternalId();
        var next = given with { Name = old.Name, Status = old.Status };
        var affectsAccess = AccessSettings(next) != AccessSettings(old);
        return affectsAccess && old.Status == ConnectionStatus.Verified ? next with { Status = ConnectionStatus.Untested } : next;
    }

    /// <summary>Adds a connection to the definitions.</summary>
    internal static (StoreDefinitions Definitions, S3Connection Added) Add(StoreDefinitions current, S3Connection given)
    {
        var added = Prepare(old: null, given);
        ConnectionRules.ThrowIfInvalid(added);
        return current.FindConnection(added.Name) is { } other ? throw StoreErrors.NameInUse("Connection", other.Name) : (current.With(added), added);
    }

    /// <summary>Changes a connection in the definitions. Returns the same instance if nothing changes.</summary>
    internal static (StoreDefinitions Definitions, (S3Connection Old, S3Connection Now) Change) Edit(
        StoreDefinitions current, string name, Func<S3Connection, S3Connection> edit, DestinationKinds kinds)
    {
        var old = current.GetConnection(name);
        var given = edit(old);
        if (!string.Equals(given.Name, old.Name, StringComparison.Ordinal)) throw SettingErrors.Fixed(old, "name");
        var now = Prepare(old, given);
        if (now == old) return (current, (old, old));
        ConnectionRules.ThrowIfInvalid(now);
        var after = current.With(now);
        return CheckUses(current, after, now.Name, kinds).ToList() is { Count: > 0 } problems
            ? throw DefinitionErrors.Invalid("Connection", now.Name, problems)
            : (after, (old, now));
    }

    /// <summary>Finds what the change of a connection breaks in feeds and destinations that use it and do not change at the same time.</summary>
    internal static IEnumerable<DefinitionProblem> CheckUses(StoreDefinitions before, StoreDefinitions after, string name, DestinationKinds kinds)
        => CheckDestinations(before, after, name, kinds).Prepend(CheckFeedPaths(before, after, name)).OfType<DefinitionProblem>();

    // A new root path may exclude feeds that were inside the old one.
    private static DefinitionProblem? CheckFeedPaths(StoreDefinitions before, StoreDefinitions after, string name)
    {
        if (before.FindConnection(name) is not { } old || after.FindConnection(name) is not { } now) return null;
        var outside = after.Feeds
            .Where(f => ReferenceEquals(f, before.FindFeed(f.Id)) && string.Equals(f.ConnectionName, name, StringComparison.OrdinalIgnoreCase))
            .Where(f => IsOutside(f, now) && !IsOutside(f, old))
            .Select(f => f.Name)
            .ToList();
        return outside.Count == 0 ? null : new(
            nameof(S3Connection.RootPath),
            $"These feeds of the store have paths outside the root path \"{now.RootPath}\": {string.Join(", ", outside)}.",
            "Import the connection and these feeds with new paths in one document, or keep the root path.");
    }

    private static IEnumerable<DefinitionProblem> CheckDestinations(
        StoreDefinitions before, StoreDefinitions after, string name, DestinationKinds kinds)
    {
        if (before.FindConnection(name) is not { } old || after.FindConnection(name) is not { } now) yield break;
        foreach (var destination in after.Destinations.Where(d => ReferenceEquals(d, before.FindDestination(d.Name))))
        {
            foreach (var problem in kinds.CheckConnection(destination, now).Except(kinds.CheckConnection(destination, old)))
            {
                yield return problem with
                {
                    Message = $"The destination {destination.Name} uses this connection: {DefinitionErrors.Word(problem.Message)}",
                };
            }
        }
    }

    // The settings that requests use. The others are for the policy alone.
    private static S3Connection AccessSettings(S3Connection connection)
        => connection with { TrustedPrincipal = null, KmsKeyArn = null, MaxConnections = null, Status = ConnectionStatus.Draft };

    private static bool IsOutside(S3Feed feed, S3Connection connection) => FeedRules.Check(feed, connection).Any(p => p.Field == nameof(S3Feed.Path));
}
