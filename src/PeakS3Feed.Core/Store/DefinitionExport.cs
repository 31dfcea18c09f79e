using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>
/// Writes definitions for another store. There are no secrets in them, only references; whether a connection was verified,
/// and since when triggers and watchers are as they are, stays here. The hash of a webhook's secret goes along, so that its URL and secret go on.
/// </summary>
public static class DefinitionExport
{
    /// <summary>The definitions as indented UTF-8 JSON, in the shape that <see cref="DefinitionImport"/> reads.</summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="kinds">The kinds of destination; null for SQLite and PostgreSQL.</param>
    public static byte[] Write(StoreDefinitions definitions, DestinationKinds? kinds = null)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return DefinitionFormat.For(kinds ?? BuiltInDestinations.Kinds).WriteExport(definitions);
    }
}
