using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>Reads and writes destinations of all registered kinds. The member <c>kind</c> names the kind.</summary>
internal sealed class DestinationConverter(DestinationKinds kinds) : JsonConverter<S3FeedDestination>, IDefinitionShape
{
    public const string KindMember = "kind";

    public override S3FeedDestination? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        return element.ValueKind == JsonValueKind.Object && TypeOf(element, options, out _) is { } type
            ? (S3FeedDestination?)element.Deserialize(type)
            : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, S3FeedDestination value, JsonSerializerOptions options)
        => JsonSerializer.Serialize(writer, value, options.GetTypeInfo(kinds.KindOf(value).DefinitionType));

    public JsonTypeInfo? TypeOf(JsonElement value, JsonSerializerOptions options, out (string Member, string What, string? Hint) problem)
    {
        problem = default;
        // A value that is not an object is reported as such, not as a wrong kind.
        if (value.ValueKind != JsonValueKind.Object) return options.GetTypeInfo(kinds.All[0].DefinitionType);
        if (!value.TryGetProperty(KindMember, out var kind) || kind.ValueKind == JsonValueKind.Null)
            problem = (KindMember, "is missing", $"Write {string.Join(" or ", kinds.Names.Select(n => $"\"{KindMember}\": \"{n}\""))}.");
        else if (kind.ValueKind == JsonValueKind.String && kinds.Find(kind.GetString()!) is { } known)
            return options.GetTypeInfo(known.DefinitionType);
        else
            problem = (KindMember, $"must be {string.Join(", ", kinds.Names.SkipLast(1))} or {kinds.Names[^1]}", null);
        return null;
    }

    public JsonTypeInfo? TypeOf(JsonSerializerOptions options) => null;

    public string? ExplainMisplaced(JsonTypeInfo type, string member, JsonSerializerOptions options) => kinds.All.Any(
        k => k.DefinitionType != type.Type && options.GetTypeInfo(k.DefinitionType).Properties.Any(p => !p.IsExtensionData && p.Name == member))
            ? $"A {kinds.All.First(k => k.DefinitionType == type.Type).Name} destination has no {member}."
            : null;

    /// <summary>Returns whether a destination that was read has an unknown member that is a member of another kind.</summary>
    public bool HasForeignMember(S3FeedDestination destination, JsonSerializerOptions options)
        => destination.Unknown.Keys.Any(m => ExplainMisplaced(options.GetTypeInfo(destination.GetType()), m, options) is not null);
}
