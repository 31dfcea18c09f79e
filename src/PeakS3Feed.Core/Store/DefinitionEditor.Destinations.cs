using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <content>Destinations.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>Returns the destination with this name, which may be <c>local</c>.</summary>
    /// <exception cref="Errors.FeedException"><c>DestinationNotFound</c>, with the existing names.</exception>
    public async Task<S3FeedDestination> FindDestinationAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetDestination(name);

    /// <summary>Adds a destination.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>DestinationInvalid</c>, <c>NameInUse</c>; <c>ConnectionNotFound</c> for a name in the destination; <c>NameReserved</c> for <c>local</c>.
    /// </exception>
    public Task<S3FeedDestination> AddAsync(S3FeedDestination destination, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, destination, _store.Kinds), cancellationToken);

    /// <summary>Changes a destination. The name cannot change.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>DestinationNotFound</c>, <c>DestinationInvalid</c>; <c>ConnectionNotFound</c> for a name in the destination; <c>NameReserved</c> for
    /// <c>local</c>; <c>SettingInvalid</c> for another name.
    /// </exception>
    public Task<S3FeedDestination> EditDestinationAsync(
        string name, Func<S3FeedDestination, S3FeedDestination> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Edit(d, name, edit, _store.Format), cancellationToken);

    /// <summary>Changes a destination of kind <typeparamref name="T"/>.</summary>
    /// <exception cref="Errors.FeedException">As above; <c>SettingInvalid</c> for a destination of another kind.</exception>
    public async Task<T> EditDestinationAsync<T>(string name, Func<T, T> edit, CancellationToken cancellationToken = default)
        where T : S3FeedDestination
    {
        ArgumentNullException.ThrowIfNull(edit);
        return (T)await EditDestinationAsync(name, d => d is T right ? edit(right) : throw SettingErrors.OtherKind(d), cancellationToken);
    }

    /// <summary>Removes a destination's definition. Its tables stay.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>DestinationNotFound</c>; <c>DestinationInUse</c>, with the feeds that name it; <c>NameReserved</c> for <c>local</c>.
    /// </exception>
    public Task RemoveDestinationAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Remove(d, name), cancellationToken);

    /// <summary>Changes settings of a destination, given as text: either all of them or none.</summary>
    /// <param name="name">The destination.</param>
    /// <param name="settings">Keys as in the import document, and values. An empty value restores the default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">
    /// <c>DestinationNotFound</c>; <c>NameReserved</c> for <c>local</c>; <c>SettingInvalid</c>: a key or value is invalid, or an import would refuse
    /// the result.
    /// </exception>
    public Task<SettingsResult<S3FeedDestination>> SetDestinationAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken = default)
        => UpdateAsync(d => TextSettings.Apply(d, GetStored(d, name), settings, _store.Format), cancellationToken);

    /// <summary>Adds a destination to the definitions.</summary>
    internal static (StoreDefinitions Definitions, S3FeedDestination Added) Add(
        StoreDefinitions current, S3FeedDestination destination, DestinationKinds kinds)
    {
        if (StoreDefinitions.IsLocal(destination.Name)) throw StoreErrors.LocalIsReserved();
        ThrowIfInvalid(current, destination, kinds);
        return current.FindDestination(destination.Name) is { } other
            ? throw StoreErrors.NameInUse("Destination", other.Name)
            : (current.With(destination), destination);
    }

    /// <summary>Changes a destination in the definitions. Returns the same instance if nothing changes.</summary>
    internal static (StoreDefinitions Definitions, S3FeedDestination Now) Edit(
        StoreDefinitions current, string name, Func<S3FeedDestination, S3FeedDestination> edit, DefinitionFormat format)
    {
        var old = GetStored(current, name);
        var now = edit(old);
        if (!string.Equals(now.Name, old.Name, StringComparison.Ordinal)) throw SettingErrors.NameIsFixed(old);
        if (format.AreSame(now, old)) return (current, old);
        ThrowIfInvalid(current, now, format.Kinds);
        return (current.With(now), now);
    }

    /// <summary>Removes a destination from the definitions.</summary>
    internal static StoreDefinitions Remove(StoreDefinitions current, string name) => current.WithoutDestination(GetStored(current, name).Name);

    // A connection that does not exist is an error of the store.
    private static void ThrowIfInvalid(StoreDefinitions current, S3FeedDestination destination, DestinationKinds kinds)
    {
        kinds.ThrowIfInvalid(destination);
        foreach (var connection in kinds.Connections(destination).Select(c => current.FindConnection(c.Name)).OfType<S3Connection>())
            kinds.ThrowIfNotUsable(destination, connection);
    }

    private static S3FeedDestination GetStored(StoreDefinitions current, string name)
        => StoreDefinitions.IsLocal(name) ? throw StoreErrors.LocalIsFixed() : current.GetDestination(name);
}
