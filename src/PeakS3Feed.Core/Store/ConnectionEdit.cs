using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Store.Documents;

namespace PeakS3Feed.Store;

/// <summary>Changes settings of a connection that are given as text, under the rules of an import.</summary>
public static class ConnectionEdit
{
    private static readonly JsonSerializerOptions SingleLine = new(DefinitionsFormat.Types.Options) { WriteIndented = false };

    /// <summary>Whether a key is that of a setting of connections.</summary>
    public static bool Knows(string key) => SettingValue.TypeOf(key, typeof(ConnectionDocument)) is not null;

    /// <summary>The store with some settings of a connection changed, all of them or none; nothing is written.</summary>
    /// <param name="current">The store.</param>
    /// <param name="connection">A connection of it.</param>
    /// <param name="settings">Keys as in the import document; values as text; an empty value goes back to the default.</param>
    /// <exception cref="FeedException"><c>SettingInvalid</c>.</exception>
    public static (StoreDefinitions Definitions, ConnectionEditResult Result) Apply(
        StoreDefinitions current, S3Connection connection, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(settings);
        var edited = Members(connection);
        foreach (var (key, value) in settings)
        {
            if (key is "name" or "status") throw SettingErrors.Fixed(connection, key);
            if (value.Length == 0 && Knows(key)) edited.Remove(key);
            else edited[key] = SettingValue.Parse(value, SettingValue.TypeOf(key, typeof(ConnectionDocument)));
        }

        var document = new JsonObject { ["connections"] = new JsonArray(edited) };
        var parsed = new DocumentReader(FormatMigration.All).ReadStrictly(Encoding.UTF8.GetBytes(document.ToJsonString(DefinitionsFormat.Types.Options)));
        if (!parsed.IsReadable) throw SettingErrors.Invalid(connection, parsed.Problems);
        var merge = new ImportMerge(current, parsed, keepsWhatWasFound: false);
        merge.Run();
        if (merge.Problems.Count > 0) throw SettingErrors.Invalid(connection, merge.Problems);

        var (before, after) = (Members(connection), Members(merge.Result.FindConnection(connection.Name)!));
        var changes = settings.Select(s => s.Key).Distinct(StringComparer.Ordinal).Select(key => new SettingChange(key, Json(before[key]), Json(after[key])));
        return (merge.Result, new ConnectionEditResult([.. changes], merge.Changes.Exists(c => c.OutdatesPolicy)));
    }

    // How far it has come is the store's own matter, and no document of anybody's says it.
    private static JsonObject Members(S3Connection connection)
    {
        var document = ConnectionMapping.ToDocument(connection);
        document.Status = null;
        return (JsonObject)JsonSerializer.SerializeToNode(document, DefinitionsFormat.Types.ConnectionDocument)!;
    }

    private static string? Json(JsonNode? node) => node?.ToJsonString(SingleLine);
}
