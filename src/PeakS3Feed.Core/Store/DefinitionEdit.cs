using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store.Documents;

namespace PeakS3Feed.Store;

/// <summary>
/// Changes settings of a feed that are given as text. The feed is written as a document, the document is changed and read again,
/// so that every rule of an import is a rule here.
/// </summary>
public static class DefinitionEdit
{
    private const string Table = "table";

    /// <summary>The store with some settings of a feed changed, all of them or none; nothing is written.</summary>
    /// <param name="current">The store.</param>
    /// <param name="feed">A feed of it.</param>
    /// <param name="settings">
    /// Keys as in the import document, <c>csv.separator</c> for a member within a member, <c>schema.COLUMN.type</c> for one of a column;
    /// values as text, with commas between the members of a list; an empty value goes back to the default.
    /// </param>
    /// <exception cref="FeedException"><c>SettingInvalid</c>.</exception>
    public static (StoreDefinitions Definitions, EditResult Result) Apply(
        StoreDefinitions current, S3Feed feed, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(feed);
        ArgumentNullException.ThrowIfNull(settings);
        // The merge below would speak of ids, which nobody typed here.
        var name = settings.LastOrDefault(s => s.Key == "name").Value;
        if (name is not null && current.FindFeed(name) is { } other && other.Id != feed.Id) throw StoreErrors.NameInUse("Feed", other.Name);
        var before = new FeedJson(feed);
        var edited = new FeedJson(feed);
        // The type of files comes first: a separator that the feed had goes with another type, one that is given beside it is checked.
        foreach (var (key, value) in settings.OrderBy(s => s.Key == FeedJson.FileType ? 0 : 1)) edited.Set(key, value);

        var parsed = new DocumentReader(FormatMigration.All).ReadStrictly(edited.ToDocument());
        if (!parsed.IsReadable) throw SettingErrors.Invalid(feed, edited, parsed.Problems);
        var merge = new ImportMerge(current, parsed, keepsWhatWasFound: false);
        merge.Run();
        if (merge.Problems.Count > 0) throw SettingErrors.Invalid(feed, edited, merge.Problems);

        var result = merge.Result.FindFeed(feed.Id)!;
        var after = new FeedJson(result);
        // A new name writes the old table down.
        var keys = settings.Select(s => s.Key).Concat(before.Find(Table) == after.Find(Table) ? [] : [Table]).Distinct(StringComparer.Ordinal);
        return (merge.Result, new EditResult(result, [.. keys.Select(key => new SettingChange(key, before.Find(key), after.Find(edited.KeyNow(key))))]) { Before = feed });
    }

    /// <summary>The column that a key is about: <c>price</c> of <c>schema.price.type</c>; null for other keys.</summary>
    internal static string? ColumnOf(string key) => key.Split('.') is ["schema", { Length: > 0 } column, _] ? column : null;

    /// <summary>
    /// The store with a feed that adopts no table any more: the rows that it is about to forget are as strange to it as anybody's.
    /// </summary>
    public static StoreDefinitions ForgetAdoption(StoreDefinitions current, Guid feedId)
    {
        ArgumentNullException.ThrowIfNull(current);
        return current.FindFeed(feedId) is { } feed && (feed.AdoptTable || feed.AssumeLoadedBefore is not null)
            ? current.With(feed with { AdoptTable = false, AssumeLoadedBefore = null })
            : current;
    }
}
