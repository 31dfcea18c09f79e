using PeakS3Feed.Definitions;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store;

/// <summary>
/// Finds the columns of a feed that has no schema in the store: reads its files until all wanted columns are found or the files end.
/// </summary>
/// <param name="feed">The feed; its connection and destination must be in the store.</param>
/// <param name="columns">The columns to find, by name or field.</param>
/// <param name="cancellationToken">Cancels.</param>
internal delegate Task<FeedSchema> ColumnFinder(S3Feed feed, IReadOnlyList<string> columns, CancellationToken cancellationToken);

/// <summary>
/// Adds, finds, changes and removes definitions one at a time, under the rules of an import. Cmdlets, <c>peaks3feed set</c> and imports all use it.
/// An edit that changes nothing writes nothing.
/// </summary>
/// <remarks>
/// Besides the errors listed at each method, all methods throw the errors of <see cref="DefinitionStore.UpdateAsync"/>. An edit function is called
/// once, with the current definition, while no other process can write.
/// </remarks>
public sealed partial class DefinitionEditor
{
    private readonly DefinitionStore _store;
    private readonly TimeProvider _time;
    private readonly ColumnFinder _findColumns;
    private readonly bool _writes;

    internal DefinitionEditor(DefinitionStore store, TimeProvider time, ColumnFinder findColumns, bool writes = true)
        => (_store, _time, _findColumns, _writes) = (store, time, findColumns, writes);

    /// <summary>An editor that makes all checks and returns the same results, but writes nothing.</summary>
    public DefinitionEditor DryRun => new(_store, _time, _findColumns, writes: false);

    /// <summary>Returns whether a definition has a setting with this key, as in the import document.</summary>
    public bool HasSetting(DefinitionRecord definition, string key) => TextSettings.HasSetting(definition, key, _store.Format);

    /// <summary>Returns the settings in which two versions of a definition differ, by their keys in the import document.</summary>
    public IReadOnlyList<SettingChange> Compare(DefinitionRecord before, DefinitionRecord after) => SettingsDiff.Find(before, after, _store.Format);

    // Returns the feed's name with a word for the kind, and with a number at the end if a trigger or a watcher has the name. A long name of a
    // feed loses its end.
    private static string FindFreeName(StoreDefinitions current, string feed, string word)
    {
        var maxLength = NameRules.MaxLength - 5 - word.Length;
        var wanted = $"{(feed.Length <= maxLength ? feed : feed[..maxLength].TrimEnd('_'))}_{word}";
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? wanted : $"{wanted}_{i}")
            .First(n => current.FindTrigger(n) is null && current.FindWatcher(n) is null);
    }

    private Task<T> UpdateAsync<T>(Func<StoreDefinitions, (StoreDefinitions Definitions, T Result)> update, CancellationToken cancellationToken)
        => _writes ? _store.UpdateAsync(update, cancellationToken) : _store.CheckAsync(update, cancellationToken);

    private Task UpdateAsync(Func<StoreDefinitions, StoreDefinitions> update, CancellationToken cancellationToken)
        => UpdateAsync(d => (update(d), true), cancellationToken);
}
