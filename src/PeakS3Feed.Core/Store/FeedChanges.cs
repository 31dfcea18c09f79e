using PeakS3Feed.Feeds;
using PeakS3Feed.Store.Documents;

namespace PeakS3Feed.Store;

/// <summary>What follows from changing a feed, whoever does it: an import, an edit of settings, a command.</summary>
internal static class FeedChanges
{
    /// <summary>
    /// The feed in the table that it has. What it has loaded is recorded under its id and table: under a new name alone, everything
    /// would be loaded once more.
    /// </summary>
    public static S3Feed InItsTable(S3Feed? old, S3Feed feed)
        => old is not null && feed.Table is null && !string.Equals(feed.Name, old.Name, StringComparison.Ordinal) ? feed with { Table = old.TableName } : feed;

    /// <summary>Whether two feeds are the same as they are written: their lists are never the same object.</summary>
    public static bool Same(S3Feed left, S3Feed right) => Written(left).AsSpan().SequenceEqual(Written(right));

    /// <summary>The store with a new feed.</summary>
    public static (StoreDefinitions Definitions, S3Feed Made) Add(StoreDefinitions current, S3Feed feed)
    {
        FeedRules.Demand(feed, current.FindConnection(feed.ConnectionName));
        if (current.FindFeed(feed.Name) is { } other) throw StoreErrors.NameInUse("Feed", other.Name);
        return current.FindFeed(feed.Id) is null ? (current.With(feed), feed) : throw StoreErrors.IdInUse("Feed", feed.Name, feed.Id.ToString());
    }

    /// <summary>The store with a feed changed that keeps id and name; the same store when nothing is changed.</summary>
    public static (StoreDefinitions Definitions, S3Feed Now) Edit(StoreDefinitions current, string name, Func<S3Feed, S3Feed> edit)
    {
        var old = current.GetFeed(name);
        return Put(current, old, Edited(old, edit));
    }

    /// <summary>The store with a feed of another name.</summary>
    public static (StoreDefinitions Definitions, S3Feed Now) Rename(StoreDefinitions current, string name, string newName)
    {
        var old = current.GetFeed(name);
        return current.FindFeed(newName) is { } other && other.Id != old.Id
            ? throw StoreErrors.NameInUse("Feed", other.Name)
            : Put(current, old, InItsTable(old, old with { Name = newName }));
    }

    /// <summary>The store with another feed that is like one of its feeds, but for id, table and what is to be different.</summary>
    public static (StoreDefinitions Definitions, S3Feed Made) Copy(StoreDefinitions current, string name, string newName, Func<S3Feed, S3Feed>? edit)
    {
        var copy = current.GetFeed(name) with { Id = Guid.NewGuid(), Name = newName, Table = null, AdoptTable = false, AssumeLoadedBefore = null };
        return Add(current, edit is null ? copy : Edited(copy, edit));
    }

    private static S3Feed Edited(S3Feed old, Func<S3Feed, S3Feed> edit)
    {
        var now = edit(old);
        if (now.Id != old.Id) throw SettingErrors.IdIsFixed(old);
        return string.Equals(now.Name, old.Name, StringComparison.Ordinal) ? MisreadColumns.Forget(old, now) : throw SettingErrors.NameIsFixed(old, now.Name);
    }

    private static (StoreDefinitions Definitions, S3Feed Now) Put(StoreDefinitions current, S3Feed old, S3Feed now)
    {
        if (now.Schema is { } schema && old.Schema is { } before) now = now with { Schema = schema.WithInEveryFileOf(before) };
        if (Same(old, now)) return (current, old);
        FeedRules.Demand(now, current.FindConnection(now.ConnectionName));
        return (current.With(now), now);
    }

    private static byte[] Written(S3Feed feed) => DefinitionsFormat.Write(new() { Feeds = [FeedMapping.ToDocument(feed)] });
}
