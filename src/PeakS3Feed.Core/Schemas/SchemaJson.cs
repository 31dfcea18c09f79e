using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Serialises a schema as JSON text for the ledger: an array of {name, field, type, nullable, inEveryFile}. The type of a decimal includes its scale.
/// </summary>
public static partial class SchemaJson
{
    /// <summary>Writes a schema.</summary>
    public static string Write(FeedSchema schema)
        => JsonSerializer.Serialize(schema.Columns.Select(ColumnDefinition.From), Types.Default.IEnumerableColumnDefinition);

    /// <summary>
    /// Reads what <see cref="Write"/> wrote. Throws <see cref="FormatException"/> for a type of a later version, and <see cref="JsonException"/> for
    /// anything that is not a list of named columns.
    /// </summary>
    public static FeedSchema Read(string text)
        => new((JsonSerializer.Deserialize(text, Types.Default.IEnumerableColumnDefinition)
            ?? throw new JsonException("The schema is null.")).Select(Column));

    private static FeedColumn Column(ColumnDefinition? column)
        => string.IsNullOrEmpty(column?.Name)
            ? throw new JsonException("A column of the schema has no name.")
            : column.ToColumn() ?? throw new FormatException($"The ledger's schema has a type \"{column.Type}\" that this version does not know.");

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(IEnumerable<ColumnDefinition>))]
    private sealed partial class Types : JsonSerializerContext;
}
