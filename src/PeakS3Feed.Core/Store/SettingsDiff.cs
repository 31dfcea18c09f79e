using System.Text.Json.Nodes;
using PeakS3Feed.Definitions;

namespace PeakS3Feed.Store;

/// <summary>Finds the settings in which two versions of a definition differ.</summary>
internal static class SettingsDiff
{
    /// <summary>Returns the changes, by keys as in the import document, in the order of the document.</summary>
    public static IReadOnlyList<SettingChange> Find(DefinitionRecord before, DefinitionRecord after, DefinitionFormat format)
    {
        var (old, now) = (Flatten(format.ToJson(before)), Flatten(format.ToJson(after)));
        return
        [
            .. old.Keys.Union(now.Keys, StringComparer.Ordinal)
                .Where(k => old.GetValueOrDefault(k) != now.GetValueOrDefault(k))
                .Select(k => new SettingChange(k, Show(k, old.GetValueOrDefault(k)), Show(k, now.GetValueOrDefault(k)))),
        ];
    }

    // The path of a URL may be a secret: that of a chat is.
    private static string? Show(string key, string? json)
        => key == "url" && json is not null && Uri.TryCreate(json.Trim('"'), UriKind.Absolute, out var url) && url.Host.Length > 0
            ? $"\"{url.Scheme}://{url.Authority}/…\"" : json;

    private static Dictionary<string, string> Flatten(JsonObject members)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(members, "");
        return flat;

        void Add(JsonObject from, string prefix)
        {
            foreach (var (name, value) in from)
            {
                if (name == "secretHash")
                    continue;
                if (value is JsonObject inner)
                    Add(inner, $"{prefix}{name}.");
                else if (value is JsonArray list && list.All(i => i is JsonObject o && o.ContainsKey("name")) && list.Count > 0)
                    AddNamed(list, $"{prefix}{name}.");
                else if (value is not null)
                    flat[prefix + name] = value.ToJsonString();
            }
        }

        void AddNamed(JsonArray list, string prefix)
        {
            foreach (var item in list.OfType<JsonObject>())
                Add(item, $"{prefix}{item["name"]!.GetValue<string>()}.");
        }
    }
}
