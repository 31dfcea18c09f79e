using PeakS3Feed.Store.Documents;

namespace PeakS3Feed.Store;

/// <summary>
/// Writes definitions for another store. There are no secrets in them, only references; whether a connection was verified,
/// and since when triggers and watchers are as they are, stays here. The hash of a webhook's secret goes along, so that its URL and secret go on.
/// </summary>
public static class DefinitionExport
{
    /// <summary>The definitions as indented UTF-8 JSON, in the shape that <see cref="DefinitionImport"/> reads.</summary>
    public static byte[] Write(StoreDefinitions definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var document = DefinitionsDocuments.Of(definitions);
        foreach (var connection in document.Connections ?? []) connection.Status = null;
        foreach (var trigger in document.Triggers ?? []) trigger.Since = null;
        foreach (var watcher in document.Watchers ?? []) watcher.Since = null;
        return DefinitionsFormat.Write(document);
    }
}
