using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store;

/// <content>Feeds.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>Returns the feed with this name.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, with the existing names.</exception>
    public async Task<S3Feed> FindFeedAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetFeed(name);

    /// <summary>Adds a feed.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedInvalid</c>, <c>NameInUse</c>, <c>FeedIdInUse</c>; <c>ConnectionNotFound</c> or <c>DestinationNotFound</c> for a name in the feed.
    /// </exception>
    public Task<S3Feed> AddAsync(S3Feed feed, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, feed), cancellationToken);

    /// <summary>Changes a feed. Id and name cannot change.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>ConnectionNotFound</c>, <c>DestinationNotFound</c>; <c>SettingInvalid</c> for another id or name.
    /// </exception>
    public Task<S3Feed> EditFeedAsync(string name, Func<S3Feed, S3Feed> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(
            d =>
            {
                var (definitions, feed) = Edit(d, name, edit);
                return (ResetTriggers(d, definitions, _time.GetUtcNow()), feed);
            }, cancellationToken);

    /// <summary>Renames a feed. It keeps its id, its table and the table's rows.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>NameInUse</c>.</exception>
    public Task<S3Feed> RenameFeedAsync(string name, string newName, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Rename(d, name, newName), cancellationToken);

    /// <summary>Enables or disables a feed.</summary>
    /// <exception cref="Errors.FeedException"><c>FeedNotFound</c>, <c>FeedInvalid</c>.</exception>
    public Task<S3Feed> SetEnabledAsync(string name, bool enabled, CancellationToken cancellationToken = default)
        => EditFeedAsync(name, f => f with { Enabled = enabled }, cancellationToken);

    /// <summary>Adds a copy of a feed, with an id and a table of its own. The copy has loaded nothing.</summary>
    /// <param name="name">The feed to copy.</param>
    /// <param name="newName">The name of the copy and of its table.</param>
    /// <param name="edit">Changes the copy before it is added, except id and name. Null for no change.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">As <see cref="AddAsync(S3Feed, CancellationToken)"/> and <see cref="EditFeedAsync"/>.</exception>
    public Task<S3Feed> CopyFeedAsync(string name, string newName, Func<S3Feed, S3Feed>? edit, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Copy(d, name, newName, edit), cancellationToken);

    /// <summary>
    /// Changes settings of a feed, given as text: either all of them or none. If the settings name columns and the feed has no schema yet, infers it
    /// from the feed's files.
    /// </summary>
    /// <param name="name">The feed.</param>
    /// <param name="settings">
    /// Keys as in the import document, such as <c>csv.separator</c>, or <c>schema.COLUMN.type</c> for a column; and values as text, with commas
    /// between the items of a list. An empty value restores the default.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">
    /// <c>FeedNotFound</c>; <c>NameInUse</c>; <c>SettingInvalid</c>: a key or value is invalid, or an import would refuse the result; errors of
    /// reading the files.
    /// </exception>
    public async Task<SettingsResult<S3Feed>> SetFeedAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var found = await FindSchemaAsync(name, settings, cancellationToken);
        return await UpdateAsync(
            d =>
            {
                var feed = d.GetFeed(name);
                return TextSettings.Apply(d, feed with { Schema = feed.Schema ?? found }, settings, _store.Format);
            },
            cancellationToken);
    }

    /// <summary>Records what a run found out about a feed, in the current definition: other settings may have changed since the run began.</summary>
    internal Task RecordRunAsync(S3Feed ran, CancellationToken cancellationToken) => _store.UpdateAsync(
        definitions =>
        {
            if (definitions.FindFeed(ran.Id) is not { } feed)
                return definitions;
            var schema = feed.Schema is null ? ran.Schema : AddColumns(feed.Schema, ran.Schema);
            var csv = feed.Csv.Separator is null ? feed.Csv with { Separator = ran.Csv.Separator } : feed.Csv;
            return Equals(schema, feed.Schema) && csv == feed.Csv ? definitions : definitions.With(feed with { Schema = schema, Csv = csv });
        },
        cancellationToken);

    /// <summary>Ends the adoption of a feed's table, for a reset: the rows are no longer those of the feed.</summary>
    internal static StoreDefinitions ForgetAdoption(StoreDefinitions current, Guid feedId)
        => current.FindFeed(feedId) is { } feed && (feed.AdoptTable || feed.AssumeLoadedBefore is not null)
            ? current.With(feed with { AdoptTable = false, AssumeLoadedBefore = null })
            : current;

    // Infers the schema of a feed that has none, if settings name columns. The other settings apply while its files are read.
    private async Task<FeedSchema?> FindSchemaAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> columns = [.. settings.Select(s => TextSettings.GetColumn(s.Key)).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (columns.Count == 0) return null;
        var definitions = await _store.ReadAsync(cancellationToken);
        var feed = definitions.GetFeed(name);
        if (feed.Schema is not null) return null;
        IReadOnlyList<KeyValuePair<string, string>> others = [.. settings.Where(s => TextSettings.GetColumn(s.Key) is null)];
        if (others.Count > 0) feed = TextSettings.Apply(definitions, feed, others, _store.Format).Result.Now;
        return feed.Schema ?? await _findColumns(feed, columns, cancellationToken);
    }

    // Columns that a person renamed or retyped stay. A column whose name is taken is not added: the ledger has it.
    private static FeedSchema AddColumns(FeedSchema stored, FeedSchema? ran) => ran is null
        ? stored : stored.WithInEveryFileOf(ran).With(ran.Columns.Where(c => stored.FindField(c.Field) is null && stored.Find(c.Name) is null));

    /// <summary>
    /// Keeps the table of a feed that gets another name. The ledger records what it has loaded under id and table; with another table, the feed would
    /// load everything again.
    /// </summary>
    internal static S3Feed KeepTable(S3Feed? old, S3Feed feed)
        => old is not null && feed.Table is null && !string.Equals(feed.Name, old.Name, StringComparison.Ordinal)
            ? feed with { Table = old.TableName }
            : feed;

    /// <summary>Returns whether two feeds are equal when written as JSON. Records compare lists by reference.</summary>
    internal static bool Same(S3Feed left, S3Feed right) => DefinitionFormat.AreSame(left, right);

    /// <summary>Adds a feed to the definitions.</summary>
    internal static (StoreDefinitions Definitions, S3Feed Added) Add(StoreDefinitions current, S3Feed feed)
    {
        FeedRules.ThrowIfInvalid(feed, current.FindConnection(feed.ConnectionName));
        if (current.FindFeed(feed.Name) is { } other) throw StoreErrors.NameInUse("Feed", other.Name);
        return current.FindFeed(feed.Id) is null ? (current.With(feed), feed) : throw StoreErrors.IdInUse("Feed", feed.Name, feed.Id.ToString());
    }

    /// <summary>Changes a feed in the definitions, except id and name. Returns the same instance if nothing changes.</summary>
    internal static (StoreDefinitions Definitions, S3Feed Now) Edit(StoreDefinitions current, string name, Func<S3Feed, S3Feed> edit)
    {
        var old = current.GetFeed(name);
        return Replace(current, old, ApplyEdit(old, edit));
    }

    /// <summary>Renames a feed in the definitions.</summary>
    internal static (StoreDefinitions Definitions, S3Feed Now) Rename(StoreDefinitions current, string name, string newName)
    {
        var old = current.GetFeed(name);
        return current.FindFeed(newName) is { } other && other.Id != old.Id
            ? throw StoreErrors.NameInUse("Feed", other.Name)
            : Replace(current, old, KeepTable(old, old with { Name = newName }));
    }

    /// <summary>Adds a copy of a feed to the definitions, with another id, name and table, and with the changes of <paramref name="edit"/>.</summary>
    internal static (StoreDefinitions Definitions, S3Feed Added) Copy(
        StoreDefinitions current, string name, string newName, Func<S3Feed, S3Feed>? edit)
    {
        var copy = current.GetFeed(name) with { Id = Guid.NewGuid(), Name = newName, Table = null, AdoptTable = false, AssumeLoadedBefore = null };
        return Add(current, edit is null ? copy : ApplyEdit(copy, edit));
    }

    private static S3Feed ApplyEdit(S3Feed old, Func<S3Feed, S3Feed> edit)
    {
        var now = edit(old);
        if (now.Id != old.Id) throw SettingErrors.IdIsFixed(old);
        return string.Equals(now.Name, old.Name, StringComparison.Ordinal)
            ? MisreadColumns.Forget(old, now)
            : throw SettingErrors.NameIsFixed(old, now.Name);
    }

    private static (StoreDefinitions Definitions, S3Feed Now) Replace(StoreDefinitions current, S3Feed old, S3Feed now)
    {
        if (now.Schema is { } schema && old.Schema is { } before) now = now with { Schema = schema.WithInEveryFileOf(before) };
        if (Same(old, now)) return (current, old);
        FeedRules.ThrowIfInvalid(now, current.FindConnection(now.ConnectionName));
        return (current.With(now), now);
    }
}
