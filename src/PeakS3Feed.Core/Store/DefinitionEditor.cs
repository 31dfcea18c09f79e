using PeakS3Feed.Definitions;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store;

/// <summary>Finds the columns of a feed that has none in the store: reads its files until the wanted columns are found, or there is no more to read.</summary>
/// <param name="feed">The feed; its connection and destination must be in the store.</param>
/// <param name="columns">The columns to find, by name or field.</param>
/// <param name="cancellationToken">Cancels.</param>
internal delegate Task<FeedSchema> ColumnFinder(S3Feed feed, IReadOnlyList<string> columns, CancellationToken cancellationToken);

/// <summary>
/// Makes, finds, changes and removes definitions, one at a time and under the rules of an import: for cmdlets, for <c>peaks3feed set</c>, and for
/// imports, which take the same steps for each definition. What changes nothing writes nothing.
/// </summary>
/// <remarks>
/// Besides what stands at each method, all throw what the store throws: see <see cref="DefinitionStore.UpdateAsync"/>. Edits get the
/// definition as it is at that moment, while nobody else can write, and are called once.
/// </remarks>
public sealed partial class DefinitionEditor
{
    private readonly DefinitionStore _store;
    private readonly TimeProvider _time;
    private readonly ColumnFinder _findColumns;
    private readonly bool _writes;

    internal DefinitionEditor(DefinitionStore store, TimeProvider time, ColumnFinder findColumns, bool writes = true)
        => (_store, _time, _findColumns, _writes) = (store, time, findColumns, writes);

    /// <summary>The same editor, which checks everything, writes nothing, and gives what it would have made.</summary>
    public DefinitionEditor DryRun => new(_store, _time, _findColumns, writes: false);

    /// <summary>Whether a key, as in the import document, is that of a setting of a definition.</summary>
    public bool IsSettingOf(WrittenRecord definition, string key) => TextSettings.IsOf(definition, key, _store.Format);

    // The wanted name: cut at its beginning where it is too long, and with a number where it is taken.
    private static string FindFreeName(string wanted, Predicate<string> isTaken)
    {
        wanted = wanted.Length <= NameRules.MaxLength - 4 ? wanted : wanted[^(NameRules.MaxLength - 4)..].TrimStart('_', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? wanted : $"{wanted}_{i}").First(n => !isTaken(n));
    }

    private Task<T> UpdateAsync<T>(Func<StoreDefinitions, (StoreDefinitions Definitions, T Result)> update, CancellationToken cancellationToken)
        => _writes ? _store.UpdateAsync(update, cancellationToken) : _store.CheckAsync(update, cancellationToken);

    private Task UpdateAsync(Func<StoreDefinitions, StoreDefinitions> update, CancellationToken cancellationToken)
        => UpdateAsync(d => (update(d), true), cancellationToken);
}
