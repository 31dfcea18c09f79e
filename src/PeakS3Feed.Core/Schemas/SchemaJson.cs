using System.Text;
using System.Text.Json;

namespace PeakS3Feed.Schemas;

/// <summary>A schema as JSON text, for the ledger: an array of {name, field, type, nullable}; decimals carry their scale in the type.</summary>
public static class SchemaJson
{
    /// <summary>Writes a schema.</summary>
    public static string Write(FeedSchema schema)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var column in schema.Columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteString("field", column.Field);
                json.WriteString("type", column.TypeName);
                if (!column.Nullable)
                    json.WriteBoolean("nullable", false);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static FeedSchema Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        return new FeedSchema(document.RootElement.EnumerateArray().Select(ReadColumn));
    }

    private static FeedColumn ReadColumn(JsonElement element)
    {
        var name = element.GetProperty("type").GetString()!;
        var (type, scale) = ColumnTypeNames.Parse(name) ?? throw new FormatException($"The ledger's schema has a type \"{name}\" that this version does not know.");
        var nullable = !element.TryGetProperty("nullable", out var value) || value.GetBoolean();
        return new FeedColumn(element.GetProperty("name").GetString()!, element.GetProperty("field").GetString()!, type, scale, nullable);
    }
}
