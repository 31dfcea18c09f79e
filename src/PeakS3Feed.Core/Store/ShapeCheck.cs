using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store;

/// <summary>
/// Compares a JSON text with the contracts of the records and finds all differences. The deserializer would stop at the first one and name .NET
/// types.
/// </summary>
internal sealed class ShapeCheck(JsonSerializerOptions options, JsonPositions positions, bool refuseUnknown)
{
    private readonly List<TextProblem> _problems = [];
    private readonly HashSet<string> _nulls = new(StringComparer.Ordinal);

    public List<TextProblem> Run(JsonElement root)
    {
        Check(root, options.GetTypeInfo(typeof(StoreDefinitions)), "$");
        foreach (var path in positions.Duplicates) Add(path, "occurs twice");
        return _problems;
    }

    /// <summary>Returns the text without known members that are null, which mean the default. Call <see cref="Run"/> first.</summary>
    public byte[] WithoutNulls(JsonElement root)
    {
        var node = JsonObject.Create(root)!;
        Remove(node, "$");
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    private void Remove(JsonNode? node, string path)
    {
        if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++) Remove(items[i], JsonPositions.Element(path, i));
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                var at = JsonPositions.Member(path, name);
                if (_nulls.Contains(at)) members.Remove(name);
                else Remove(value, at);
            }
        }
    }

    private void Check(JsonElement value, JsonTypeInfo type, string path)
    {
        var shape = type.Converter as IDefinitionShape;
        if (shape is not null)
        {
            if (shape.TypeOf(value, options, out var problem) is not { } inner)
            {
                Add(JsonPositions.Member(path, problem.Member), problem.What, problem.Hint);
                return;
            }

            type = inner;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) CheckMember(member, type, path, shape);
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
                CheckLeaf(() => value.Deserialize(type), type, path);
                break;
            default:
                Add(path, $"must be {Expected(type)}");
                break;
        }
    }

    private void CheckMember(JsonProperty member, JsonTypeInfo type, string path, IDefinitionShape? shape)
    {
        var at = JsonPositions.Member(path, member.Name);
        var known = type.Properties.FirstOrDefault(p => !p.IsExtensionData && string.Equals(p.Name, member.Name, StringComparison.Ordinal));
        if (known is null)
        {
            if (shape?.ExplainMisplaced(type, member.Name, options) is { } why)
            {
                _problems.Add(new(at, why, positions.Find(at)));
                return;
            }

            if (!refuseUnknown) return;
            Add(at, "is not known", NearestName.Ask(member.Name, type.Properties.Where(p => !p.IsExtensionData).Select(p => p.Name)));
        }
        else if (member.Value.ValueKind == JsonValueKind.Null)
        {
            _nulls.Add(at);
        }
        else if (known.CustomConverter is not null)
        {
            // A converter of a single property is used through its record.
            CheckLeaf(
                () => new JsonObject { [member.Name] = JsonNode.Parse(member.Value.GetRawText()) }.Deserialize(type),
                options.GetTypeInfo(known.PropertyType), at);
        }
        else
        {
            Check(member.Value, options.GetTypeInfo(known.PropertyType), at);
        }
    }

    private void CheckLeaf(Func<object?> read, JsonTypeInfo type, string path)
    {
        try
        {
            _ = read();
        }
        catch (DefinitionValueException error)
        {
            Add(path, error.Message);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            // The message of the exception may quote the value, which may be a secret in the wrong place.
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
