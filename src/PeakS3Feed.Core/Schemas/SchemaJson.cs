using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Serialises a schema as JSON text for the ledger: an array of {name, field, type, nullable, inEveryFile}. The type of a decimal includes its scale.
/// A member that has its default is left out. Each commit writes it, and a serializer's metadata for it would take 10 ms to create.
/// </summary>
public static class SchemaJson
{
    private const string Name = "name";
    private const string Field = "field";
    private const string Type = "type";
    private const string Nullable = "nullable";
    private const string InEveryFile = "inEveryFile";

    /// <summary>Writes a schema.</summary>
    public static string Write(FeedSchema schema)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (var column in schema.Columns)
                Write(json, column);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>
    /// Reads what <see cref="Write(FeedSchema)"/> wrote. Throws <see cref="FormatException"/> for a type of a later version, and
    /// <see cref="JsonException"/> for anything that is not a list of named columns.
    /// </summary>
    public static FeedSchema Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.ValueKind == JsonValueKind.Array
            ? new([.. json.RootElement.EnumerateArray().Select(Read)])
            : throw new JsonException("The schema is not a list.");
    }

    private static void Write(Utf8JsonWriter json, FeedColumn column)
    {
        json.WriteStartObject();
        json.WriteString(Name, column.Name);
        json.WriteString(Field, column.Field);
        json.WriteString(Type, column.TypeName);
        if (!column.Nullable)
            json.WriteBoolean(Nullable, value: false);
        if (column.InEveryFile is { } inEveryFile)
            json.WriteBoolean(InEveryFile, inEveryFile);
        json.WriteEndObject();
    }

    private static FeedColumn Read(JsonElement column)
    {
        if (column.ValueKind != JsonValueKind.Object)
            throw new JsonException("A column of the schema is not an object.");
        var definition = new ColumnDefinition
        {
            Name = TextOf(column, Name),
            Field = TextOf(column, Field),
            Type = TextOf(column, Type),
            Nullable = BooleanOf(column, Nullable),
            InEveryFile = BooleanOf(column, InEveryFile),
        };
        return string.IsNullOrEmpty(definition.Name) ? throw new JsonException("A column of the schema has no name.")
            : definition.ToColumn()
            ?? throw new FormatException($"The ledger's schema has a type \"{definition.Type}\" that this version does not know.");
    }

    private static string? TextOf(JsonElement column, string member) => ValueOf(column, member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new JsonException($"The {member} of a column is not a text."),
    };

    private static bool? BooleanOf(JsonElement column, string member) => ValueOf(column, member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new JsonException($"The {member} of a column is not true or false."),
    };

    private static JsonElement? ValueOf(JsonElement column, string member)
        => column.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
