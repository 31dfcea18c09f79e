using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store;

/// <summary>Reads and writes a schema as an array of columns. An empty array means no schema.</summary>
internal sealed class SchemaConverter : JsonConverter<FeedSchema>, IDefinitionShape
{
    public override FeedSchema? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // Calls the converter, because the serializer would scan the array first.
        var converter = (JsonConverter<List<ColumnDefinition>>)Columns(options).Converter;
        return Schema(converter.Read(ref reader, typeof(List<ColumnDefinition>), options) ?? []);
    }

    /// <summary>Returns the schema with these columns; null for none. Throws <see cref="DefinitionValueException"/> for a type that is not known.</summary>
    public static FeedSchema? Schema(IReadOnlyCollection<ColumnDefinition> columns) => columns.Count == 0 ? null
        : new(columns.Select(c => c.ToColumn() ?? throw new DefinitionValueException("must be an array of columns")));

    public override void Write(Utf8JsonWriter writer, FeedSchema value, JsonSerializerOptions options) => JsonSerializer.Serialize(
        writer, value.Columns.Select(c => ColumnDefinition.From(c) with { Field = c.Field == c.Name ? null : c.Field }).ToList(), Columns(options));

    public JsonTypeInfo TypeOf(JsonElement value, JsonSerializerOptions options, out (string Member, string What, string? Hint) problem)
    {
        problem = default;
        return Columns(options);
    }

    public JsonTypeInfo TypeOf(JsonSerializerOptions options) => Columns(options);

    public string? ExplainMisplaced(JsonTypeInfo type, string member, JsonSerializerOptions options) => null;

    private static JsonTypeInfo<List<ColumnDefinition>> Columns(JsonSerializerOptions options)
        => (JsonTypeInfo<List<ColumnDefinition>>)options.GetTypeInfo(typeof(List<ColumnDefinition>));
}
