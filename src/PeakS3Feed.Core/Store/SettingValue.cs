using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Store.Documents;

namespace PeakS3Feed.Store;

/// <summary>Turns the text of a setting into the JSON that its type wants; what does not fit stays text, for the rules to complain about.</summary>
internal static class SettingValue
{
    /// <summary>The type of a member of a feed's document, or null when there is no such member.</summary>
    public static Type? TypeOf(string key) => TypeOf(key, typeof(FeedDocument));

    /// <summary>The type of a member of a document, or null when there is no such member.</summary>
    public static Type? TypeOf(string key, Type type)
    {
        foreach (var part in key.Split('.') is ["schema", _, var member] ? ["schema", member] : key.Split('.'))
        {
            var info = DefinitionsFormat.Types.Options.GetTypeInfo(type);
            if (info.Kind == JsonTypeInfoKind.Enumerable) info = DefinitionsFormat.Types.Options.GetTypeInfo(info.ElementType!);
            if (info.Properties.FirstOrDefault(p => !p.IsExtensionData && string.Equals(p.Name, part, StringComparison.Ordinal)) is not { } property) return null;
            type = property.PropertyType;
        }

        return Nullable.GetUnderlyingType(type) ?? type;
    }

    public static JsonNode? Parse(string text, Type? type)
    {
        if (type == typeof(List<string>)) return text.StartsWith('[') ? Json(text) : new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries).Select(t => (JsonNode)t)]);
        if (type is { IsGenericType: true } || type?.IsSubclassOf(typeof(Document)) == true) return Json(text);
        if (type == typeof(bool) && bool.TryParse(text, out var flag)) return flag;
        if ((type == typeof(int) || type == typeof(long)) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        return text;
    }

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
