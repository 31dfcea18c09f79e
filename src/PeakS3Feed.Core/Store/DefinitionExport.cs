using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>
/// Writes definitions for another store. The document has references to secrets, never secrets; and it lacks what belongs to one store, such as the
/// status of connections. It has the hashes of webhooks' secrets, so that URLs and secrets remain valid in the other store.
/// </summary>
public static class DefinitionExport
{
    /// <summary>Returns the definitions as indented UTF-8 JSON, for <see cref="DefinitionImport"/>.</summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="kinds">The kinds of destination; null for those of the core.</param>
    public static byte[] Write(StoreDefinitions definitions, DestinationKinds? kinds = null)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return DefinitionFormat.For(kinds ?? BuiltInDestinations.Kinds).WriteExport(definitions);
    }
}
