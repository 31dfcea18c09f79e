using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>What follows from making, changing or removing a destination by a command.</summary>
internal static class DestinationChanges
{
    /// <summary>The store with a new destination.</summary>
    public static (StoreDefinitions Definitions, S3FeedDestination Made) Add(StoreDefinitions current, S3FeedDestination destination, DestinationKinds kinds)
    {
        if (StoreDefinitions.IsLocal(destination.Name)) throw StoreErrors.LocalIsReserved();
        kinds.ThrowIfInvalid(destination);
        return current.FindDestination(destination.Name) is { } other
            ? throw StoreErrors.NameInUse("Destination", other.Name)
            : (current.With(destination), destination);
    }

    /// <summary>The store with a destination changed; the same store when nothing is.</summary>
    public static (StoreDefinitions Definitions, S3FeedDestination Now) Edit(
        StoreDefinitions current, string name, Func<S3FeedDestination, S3FeedDestination> edit, DestinationKinds kinds)
    {
        var old = Own(current, name);
        var now = edit(old);
        if (!string.Equals(now.Name, old.Name, StringComparison.Ordinal)) throw SettingErrors.NameIsFixed(old);
        if (now == old) return (current, old);
        kinds.ThrowIfInvalid(now);
        return (current.With(now), now);
    }

    /// <summary>The store without a destination.</summary>
    public static StoreDefinitions Remove(StoreDefinitions current, string name) => current.WithoutDestination(Own(current, name).Name);

    private static S3FeedDestination Own(StoreDefinitions current, string name)
        => StoreDefinitions.IsLocal(name) ? throw StoreErrors.LocalIsFixed() : current.GetDestination(name);
}
