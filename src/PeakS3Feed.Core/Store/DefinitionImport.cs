using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>
/// Imports definitions from a JSON document, such as an export or a file written by hand. Imports all of them or, if there is any problem, none.
/// </summary>
/// <remarks>
/// A definition replaces the one with the same name (a feed with an id replaces the one with the same id). Members that are left out get their
/// defaults, except those that the store generated or found: the id and schema of a feed, a detected separator, the external id and status of a
/// connection. A feed also keeps its table, even under a new name.
/// </remarks>
public static class DefinitionImport
{
    /// <summary>Returns what the import of a document would do. Changes nothing.</summary>
    /// <param name="utf8">The document; comments and trailing commas are allowed.</param>
    /// <param name="current">The store to import into.</param>
    /// <param name="kinds">The kinds of destination; null for those of the core.</param>
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

    /// <summary>The same, but throws if the document has problems.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="current">The store to import into.</param>
    /// <param name="source">The name of the document in errors: its file name.</param>
    /// <exception cref="Errors.FeedException"><c>ImportInvalid</c>, with the problems.</exception>
    /// <param name="kinds">The kinds of destination; null for those of the core.</param>
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
    /// <param name="source">The name of the document in errors: its file name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException">
    /// <c>ImportInvalid</c>: the document has problems (<see cref="Read"/> returns all of them); the errors of
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
