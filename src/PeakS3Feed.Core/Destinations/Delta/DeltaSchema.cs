using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// The columns of a Delta table and its JSON text (Delta Transaction Log Protocol, "Schema Serialization Format"). What other engines wrote stays as
/// it is.
/// </summary>
internal sealed class DeltaSchema
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" ,;{}()\n\t=");

    /// <summary>Creates a schema.</summary>
    /// <exception cref="InvalidOperationException">Two names differ in case at most.</exception>
    public DeltaSchema(IEnumerable<DeltaField> fields)
    {
        Fields = [.. fields];
        if (Fields.DistinctBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Count() != Fields.Count)
            throw new InvalidOperationException("A schema has two columns with one name.");
    }

    /// <summary>The columns, in order; the partition columns are among them.</summary>
    public IReadOnlyList<DeltaField> Fields { get; }

    /// <summary>The schema of a table of ours.</summary>
    /// <exception cref="InvalidOperationException">A name has a character that names in Delta tables cannot have.</exception>
    public static DeltaSchema From(IEnumerable<FeedColumn> columns) => new(columns.Select(DeltaField.From));

    /// <summary>Parses the text of a log.</summary>
    /// <exception cref="Errors.FeedException"><c>DeltaLogInvalid</c></exception>
    public static DeltaSchema Parse(string schemaString)
    {
        try
        {
            using var json = JsonDocument.Parse(schemaString);
            if (json.RootElement.GetProperty("type").GetString() != "struct")
                throw DeltaErrors.SchemaInvalid("it is no struct.");
            return new(json.RootElement.GetProperty("fields").EnumerateArray().Select(Parse));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw DeltaErrors.SchemaInvalid(e.Message, e);
        }
    }

    /// <summary>The column with a name, in any case; or null.</summary>
    public DeltaField? Find(string name) => Fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns this schema with more columns at its end.</summary>
    public DeltaSchema With(IEnumerable<FeedColumn> columns) => new(Fields.Concat(columns.Select(DeltaField.From)));

    /// <summary>The text for the log.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("type", "struct");
            json.WriteStartArray("fields");
            foreach (var field in Fields)
            {
                json.WriteStartObject();
                json.WriteString("name", field.Name);
                json.WritePropertyName("type");
                json.WriteRawValue(field.Type);
                json.WriteBoolean("nullable", field.Nullable);
                json.WritePropertyName("metadata");
                json.WriteRawValue(field.Metadata);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Whether a column may have a name in tables without column mapping, and in Parquet as Spark writes it.</summary>
    public static bool IsName(string name) => name.Length > 0 && name.AsSpan().IndexOfAny(Forbidden) < 0;

    private static DeltaField Parse(JsonElement field) => new(
        field.GetProperty("name").GetString() ?? throw new JsonException("A column has no name."),
        field.GetProperty("type").GetRawText(),
        field.GetProperty("nullable").GetBoolean(),
        field.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object ? metadata.GetRawText() : "{}");
}

/// <summary>A column of a Delta table.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type as JSON: <c>"long"</c>, <c>"decimal(38,2)"</c>, or an object.</param>
/// <param name="Nullable">Whether NULL is allowed.</param>
/// <param name="Metadata">Further members as the text of a JSON object.</param>
internal sealed record DeltaField(string Name, string Type, bool Nullable = true, string Metadata = "{}")
{
    /// <summary>
    /// The column for a column of a feed. Like the columns of our Parquet files, it allows NULL, whatever the feed's column allows.
    /// </summary>
    /// <exception cref="InvalidOperationException">The name has a character that names in Delta tables cannot have.</exception>
    public static DeltaField From(FeedColumn column)
        => DeltaSchema.IsName(column.Name)
            ? new(column.Name, TypeOf(column))
            : throw new InvalidOperationException($"{column.Name} is no name of a Delta column.");

    /// <summary>The type in columns of feeds that holds the values of this column; null if there is none.</summary>
    public (ColumnType Type, int Scale)? FindColumnType() => Type switch
    {
        "\"string\"" => (ColumnType.Text, 0),
        "\"boolean\"" => (ColumnType.Boolean, 0),
        "\"long\"" or "\"integer\"" or "\"short\"" or "\"byte\"" => (ColumnType.BigInt, 0),
        "\"double\"" or "\"float\"" => (ColumnType.Double, 0),
        "\"date\"" => (ColumnType.Date, 0),
        "\"timestamp_ntz\"" => (ColumnType.Timestamp, 0),
        "\"timestamp\"" => (ColumnType.TimestampTz, 0),
        _ => FindScale() is { } scale ? (ColumnType.Decimal, scale) : null,
    };

    /// <summary>Whether a column of a feed can be written into this column: the types are the same.</summary>
    public bool Takes(FeedColumn column) => string.Equals(Type, TypeOf(column), StringComparison.Ordinal);

    /// <summary>Whether the further members have one with this name.</summary>
    public bool HasMetadata(string member)
    {
        using var json = JsonDocument.Parse(Metadata);
        return json.RootElement.TryGetProperty(member, out _);
    }

    private static string TypeOf(FeedColumn column) => column.Type switch
    {
        ColumnType.Text or ColumnType.Json => "\"string\"",
        ColumnType.Boolean => "\"boolean\"",
        ColumnType.BigInt => "\"long\"",
        ColumnType.Decimal => string.Create(CultureInfo.InvariantCulture, $"\"decimal(38,{column.Scale})\""),
        ColumnType.Double => "\"double\"",
        ColumnType.Date => "\"date\"",
        ColumnType.Timestamp => "\"timestamp_ntz\"",
        ColumnType.TimestampTz => "\"timestamp\"",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };

    // "decimal(10,2)" has scale 2.
    private int? FindScale()
    {
        const string Start = "\"decimal(";
        if (!Type.StartsWith(Start, StringComparison.Ordinal) || !Type.EndsWith(")\"", StringComparison.Ordinal))
            return null;
        var digits = Type[Start.Length..^2].Split(',');
        return digits.Length == 2 && int.TryParse(digits[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var scale) ? scale : null;
    }
}
