using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>
/// Takes connections, destinations and feeds over from a JSON document, such as an export or one written by hand. All of it or,
/// when anything is wrong, nothing.
/// </summary>
/// <remarks>
/// A definition takes the place of the one with its name (a feed with an id: of the one with its id). Members that are left out
/// get their defaults, but for those that the store found out or made up itself: a feed's id and schema, a detected separator, a
/// connection's external id and status. A feed's table stays, too, also under a new name.
/// </remarks>
public static class DefinitionImport
{
    /// <summary>Works out what the import of a document would do; changes nothing.</summary>
    /// <param name="utf8">The document; comments and commas after the last member are allowed.</param>
    /// <param name="current">The store to import into.</param>
    /// <param name="kinds">The kinds of destination; null for SQLite and PostgreSQL.</param>
    public static ImportReport Read(ReadOnlyMemory<byte> utf8, StoreDefinitions current, DestinationKinds? kinds = null)
        => ReadAs(utf8, current, DefinitionFormat.For(kinds ?? BuiltInDestinations.Kinds));

    private static ImportReport ReadAs(ReadOnlyMemory<byte> utf8, StoreDefinitions current, DefinitionFormat format)
    {
        ArgumentNullException.ThrowIfNull(current);
        var parsed = new DefinitionReader(format).ReadStrictly(utf8);
        if (!parsed.IsReadable) return new() { Definitions = current, Problems = [.. parsed.Problems.Select(Problem)] };
        var merge = new ImportMerge(current, parsed, format);
        merge.Run();
        return merge.Problems.Count == 0
            ? new() { Definitions = merge.Result, Changes = merge.Changes }
            : new() { Definitions = current, Problems = [.. merge.Problems.OrderBy(p => p.Position?.Line ?? 0).Select(Problem)] };
    }

    /// <summary>The same, for a document that must be right.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="current">The store to import into.</param>
    /// <param name="source">What to call the document in an error: the file's name.</param>
    /// <exception cref="Errors.FeedException"><c>ImportInvalid</c>: what is wrong with it.</exception>
    /// <param name="kinds">The kinds of destination; null for SQLite and PostgreSQL.</param>
    public static ImportReport ReadOrThrow(ReadOnlyMemory<byte> utf8, StoreDefinitions current, string source, DestinationKinds? kinds = null)
        => ReadAsOrThrow(utf8, current, source, DefinitionFormat.For(kinds ?? BuiltInDestinations.Kinds));

    private static ImportReport ReadAsOrThrow(ReadOnlyMemory<byte> utf8, StoreDefinitions current, string source, DefinitionFormat format)
    {
        var report = ReadAs(utf8, current, format);
        return report.Problems.Count == 0 ? report : throw StoreErrors.ImportInvalid(source, report.Problems);
    }

    /// <summary>Imports a document.</summary>
    /// <param name="store">The store to import into.</param>
    /// <param name="utf8">The document.</param>
    /// <param name="source">What to call it in an error: the file's name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">
    /// <c>ImportInvalid</c>: something is wrong with it (<see cref="Read"/> lists everything); those of
    /// <see cref="DefinitionStore.UpdateAsync"/>.
    /// </exception>
    public static async Task<ImportReport> ApplyAsync(
        DefinitionStore store, ReadOnlyMemory<byte> utf8, string source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ImportReport? report = null;
        await store.UpdateAsync(
            current =>
            {
                report = ReadAsOrThrow(utf8, current, source, store.Format);
                return report.Definitions;
            },
            cancellationToken);
        return report!;
    }

    private static ImportProblem Problem(TextProblem problem) => new(problem.Path, problem.Position?.Line, problem.Message, problem.Hint);
}
