using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store.Documents;

/// <summary>
/// Holds a JSON text against the documents and lists everything that does not fit, where the deserializer would stop at the
/// first and speak of .NET types.
/// </summary>
internal sealed class ShapeCheck(JsonSerializerOptions options, JsonPositions positions, bool refuseUnknown)
{
    private readonly List<DocumentProblem> _problems = [];

    public List<DocumentProblem> Run(JsonElement root, JsonTypeInfo type)
    {
        Check(root, type, "$");
        foreach (var path in positions.Duplicates) Add(path, "stands twice");
        return _problems;
    }

    private void Check(JsonElement value, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) CheckMember(member, type, path);
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    var at = JsonPositions.Element(path, index++);
                    if (item.ValueKind == JsonValueKind.Null) Add(at, "must not be null");
                    else Check(item, options.GetTypeInfo(type.ElementType!), at);
                }

                break;
            case JsonTypeInfoKind.None:
                CheckLeaf(value, type, path);
                break;
            default:
                Add(path, $"must be {Expected(type)}");
                break;
        }
    }

    private void CheckMember(JsonProperty member, JsonTypeInfo type, string path)
    {
        var at = JsonPositions.Member(path, member.Name);
        var known = type.Properties.FirstOrDefault(p => !p.IsExtensionData && string.Equals(p.Name, member.Name, StringComparison.Ordinal));
        if (known is null)
        {
            if (!refuseUnknown) return;
            var nearest = NearestName.Find(member.Name, type.Properties.Where(p => !p.IsExtensionData).Select(p => p.Name));
            Add(at, "is not known", nearest is null ? null : $"Did you mean {nearest}?");
        }
        else if (member.Value.ValueKind != JsonValueKind.Null)
        {
            Check(member.Value, options.GetTypeInfo(known.PropertyType), at);
        }
    }

    private void CheckLeaf(JsonElement value, JsonTypeInfo type, string path)
    {
        try
        {
            _ = value.Deserialize(type);
        }
        catch (DocumentValueException error)
        {
            Add(path, error.Message);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            // The reader's own words may quote the value, which may be a secret in the wrong place.
            Add(path, $"must be {Expected(type)}");
        }
    }

    private void Add(string path, string what, string? hint = null)
        => _problems.Add(new(path, $"{path[(path.LastIndexOf('.') + 1)..]} {what}.", positions.Find(path), hint));

    private static string Expected(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => "an object { … }",
        JsonTypeInfoKind.Enumerable => "an array [ … ]",
        _ => Expected(Nullable.GetUnderlyingType(type.Type) ?? type.Type),
    };

    private static string Expected(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => "a text",
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        _ when type == typeof(DateOnly) => "a day such as \"2026-01-31\"",
        _ when type == typeof(TimeSpan) => $"a duration: {DurationText.Forms}",
        _ when type == typeof(DateTimeOffset) => "an instant such as \"2026-01-31T07:00:00Z\"",
        _ when type == typeof(Guid) => "a GUID",
        _ => "another value",
    };
}
