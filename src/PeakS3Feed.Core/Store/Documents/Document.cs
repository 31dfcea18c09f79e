using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Store.Documents;

/// <summary>An object of the definitions file, with the members that this version does not know.</summary>
internal abstract class Document
{
    /// <summary>Members of a later version or of somebody else; a rewrite keeps them.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
