using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Schemas;

/// <summary>A schema as JSON text, for the ledger: an array of {name, field, type, nullable, inEveryFile}; decimals carry their scale in the type.</summary>
public static partial class SchemaJson
{
    /// <summary>Writes a schema.</summary>
    public static string Write(FeedSchema schema) => JsonSerializer.Serialize(schema.Columns.Select(WrittenColumn.Of), Types.Default.IEnumerableWrittenColumn);

    /// <summary>Reads what <see cref="Write"/> wrote; throws <see cref="FormatException"/> for a type of a later version.</summary>
    public static FeedSchema Read(string text) => new(JsonSerializer.Deserialize(text, Types.Default.IEnumerableWrittenColumn)!.Select(c
        => c.ToColumn() ?? throw new FormatException($"The ledger's schema has a type \"{c.Type}\" that this version does not know.")));

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(IEnumerable<WrittenColumn>))]
    private sealed partial class Types : JsonSerializerContext;
}
