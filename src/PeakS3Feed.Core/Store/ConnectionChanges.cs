using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Store;

/// <summary>What follows from making a connection or changing it, whoever does it: an import, an edit of settings, a command.</summary>
internal static class ConnectionChanges
{
    /// <summary>The connection as it goes into the store.</summary>
    /// <param name="old">The one that was there under its name, or null.</param>
    /// <param name="given">As somebody wants it; its status does not count, for that is the store's own matter.</param>
    public static S3Connection Next(S3Connection? old, S3Connection given)
    {
        if (old is null) return (given with { Status = ConnectionStatus.Draft }).WithExternalId();
        var next = given with { Name = old.Name, Status = old.Status };
        return old.Status == ConnectionStatus.Verified && Access(next) != Access(old) ? next with { Status = ConnectionStatus.Untested } : next;
    }

    /// <summary>The store with a new connection.</summary>
    public static (StoreDefinitions Definitions, S3Connection Made) Add(StoreDefinitions current, S3Connection given)
    {
        var made = Next(old: null, given);
        ConnectionRules.ThrowIfInvalid(made);
        return current.FindConnection(made.Name) is { } other ? throw StoreErrors.NameInUse("Connection", other.Name) : (current.With(made), made);
    }

    /// <summary>The store with a connection changed; the same store when nothing is.</summary>
    public static (StoreDefinitions Definitions, (S3Connection Old, S3Connection Now) Change) Edit(
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
    public static DefinitionProblem? Stranded(StoreDefinitions before, StoreDefinitions after, string name)
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
