using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store;

/// <content>Feeds.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>The feed of that name.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, with the names that there are.</exception>
    public async Task<S3Feed> FindFeedAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetFeed(name);

    /// <summary>Makes a feed.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedInvalid</c>, <c>NameInUse</c>, <c>FeedIdInUse</c>; <c>ConnectionNotFound</c> and <c>DestinationNotFound</c> for what it names.
    /// </exception>
    public Task<S3Feed> AddAsync(S3Feed feed, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, feed), cancellationToken);

    /// <summary>Changes a feed; id and name stay.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>ConnectionNotFound</c>, <c>DestinationNotFound</c>; <c>SettingInvalid</c> for another id or name.
    /// </exception>
    public Task<S3Feed> EditFeedAsync(string name, Func<S3Feed, S3Feed> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(
            d =>
            {
                var (definitions, feed) = Edit(d, name, edit);
                return (AfterFeeds(d, definitions, _time.GetUtcNow()), feed);
            }, cancellationToken);

    /// <summary>Gives a feed another name. Its id stays, and so does its table with the rows in it.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>NameInUse</c>.</exception>
    public Task<S3Feed> RenameFeedAsync(string name, string newName, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Rename(d, name, newName), cancellationToken);

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
        => UpdateAsync(d => Copy(d, name, newName, edit), cancellationToken);

    /// <summary>Changes settings of a feed that are given as text: all of them, or none. Columns that the store does not know yet are read from the feed's files.</summary>
    /// <param name="name">The feed.</param>
    /// <param name="settings">
    /// Keys as in the import document, <c>csv.separator</c> for a member within a member, <c>schema.COLUMN.type</c> for one of a column;
    /// values as text, with commas between the items of a list; an empty value goes back to the default.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedNotFound</c>; <c>NameInUse</c>; <c>SettingInvalid</c>: a key or a value, or what an import would refuse; the errors of reading the files.
    /// </exception>
    public async Task<SettingsResult<S3Feed>> SetFeedAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var found = await MissingColumnsAsync(name, settings, cancellationToken);
        return await UpdateAsync(
            d =>
            {
                var feed = d.GetFeed(name);
                return TextSettings.Apply(d, feed with { Schema = feed.Schema ?? found }, settings, _store.Format);
            },
            cancellationToken);
    }

    /// <summary>Records what a run found out about a feed, on the definition as it is now: somebody may have edited the rest meanwhile.</summary>
    internal Task RecordRunAsync(S3Feed ran, CancellationToken cancellationToken) => _store.UpdateAsync(
        definitions =>
        {
            if (definitions.FindFeed(ran.Id) is not { } feed)
                return definitions;
            var schema = feed.Schema is null ? ran.Schema : Grown(feed.Schema, ran.Schema);
            var csv = feed.Csv.Separator is null ? feed.Csv with { Separator = ran.Csv.Separator } : feed.Csv;
            return Equals(schema, feed.Schema) && csv == feed.Csv ? definitions : definitions.With(feed with { Schema = schema, Csv = csv });
        },
        cancellationToken);

    /// <summary>The store with a feed that no longer adopts a table: the rows that it is about to forget are no longer its own.</summary>
    internal static StoreDefinitions ForgetAdoption(StoreDefinitions current, Guid feedId)
        => current.FindFeed(feedId) is { } feed && (feed.AdoptTable || feed.AssumeLoadedBefore is not null)
            ? current.With(feed with { AdoptTable = false, AssumeLoadedBefore = null })
            : current;

    // The columns of a feed that has loaded nothing yet, where settings name some: as its files have them, read with the other settings.
    private async Task<FeedSchema?> MissingColumnsAsync(string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> columns = [.. settings.Select(s => TextSettings.ColumnOf(s.Key)).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (columns.Count == 0) return null;
        var definitions = await _store.ReadAsync(cancellationToken);
        var feed = definitions.GetFeed(name);
        if (feed.Schema is not null) return null;
        IReadOnlyList<KeyValuePair<string, string>> others = [.. settings.Where(s => TextSettings.ColumnOf(s.Key) is null)];
        if (others.Count > 0) feed = TextSettings.Apply(definitions, feed, others, _store.Format).Result.Now;
        return feed.Schema ?? await _findColumns(feed, columns, cancellationToken);
    }

    // Renamed and retyped columns stay as somebody made them. A name that is taken by now stays out: the ledger has the column.
    private static FeedSchema Grown(FeedSchema stored, FeedSchema? ran)
        => ran is null ? stored : stored.WithInEveryFileOf(ran).With(ran.Columns.Where(c => stored.FindField(c.Field) is null && stored.Find(c.Name) is null));

    /// <summary>
    /// The feed in the table that it has. What it has loaded is recorded under its id and table: under a new name alone, everything
    /// would be loaded once more.
    /// </summary>
    internal static S3Feed InItsTable(S3Feed? old, S3Feed feed)
        => old is not null && feed.Table is null && !string.Equals(feed.Name, old.Name, StringComparison.Ordinal) ? feed with { Table = old.TableName } : feed;

    /// <summary>Whether two feeds are the same as they are written: their lists are never the same object.</summary>
    internal static bool Same(S3Feed left, S3Feed right) => DefinitionFormat.AreSame(left, right);

    /// <summary>The store with a new feed.</summary>
    internal static (StoreDefinitions Definitions, S3Feed Made) Add(StoreDefinitions current, S3Feed feed)
    {
        FeedRules.Demand(feed, current.FindConnection(feed.ConnectionName));
        if (current.FindFeed(feed.Name) is { } other) throw StoreErrors.NameInUse("Feed", other.Name);
        return current.FindFeed(feed.Id) is null ? (current.With(feed), feed) : throw StoreErrors.IdInUse("Feed", feed.Name, feed.Id.ToString());
    }

    /// <summary>The store with a feed changed that keeps id and name; the same store when nothing is changed.</summary>
    internal static (StoreDefinitions Definitions, S3Feed Now) Edit(StoreDefinitions current, string name, Func<S3Feed, S3Feed> edit)
    {
        var old = current.GetFeed(name);
        return Put(current, old, Edited(old, edit));
    }

    /// <summary>The store with a feed of another name.</summary>
    internal static (StoreDefinitions Definitions, S3Feed Now) Rename(StoreDefinitions current, string name, string newName)
    {
        var old = current.GetFeed(name);
        return current.FindFeed(newName) is { } other && other.Id != old.Id
            ? throw StoreErrors.NameInUse("Feed", other.Name)
            : Put(current, old, InItsTable(old, old with { Name = newName }));
    }

    /// <summary>The store with another feed that is like one of its feeds, but for id, table and what is to be different.</summary>
    internal static (StoreDefinitions Definitions, S3Feed Made) Copy(StoreDefinitions current, string name, string newName, Func<S3Feed, S3Feed>? edit)
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
}
