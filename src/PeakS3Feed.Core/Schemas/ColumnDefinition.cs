using System.Text.Json;
using PeakS3Feed.Definitions;

namespace PeakS3Feed.Schemas;

/// <summary>A column in the JSON of definitions and of the ledger; null means the default.</summary>
internal sealed record ColumnDefinition : DefinitionRecord
{
    [DefinitionMember(Required = true)]
    public string? Name { get; init; }

    /// <summary>The source field; by default the column's name.</summary>
    public string? Field { get; init; }

    /// <summary>The type, for example <c>bigint</c> or <c>decimal(38,2)</c>; by default text.</summary>
    [DefinitionMember(Converter = typeof(ColumnTypeConverter))]
    public string? Type { get; init; }

    /// <summary>Whether NULL is allowed; by default true.</summary>
    public bool? Nullable { get; init; }

    /// <summary>Whether every file had the field; by default unknown.</summary>
    public bool? InEveryFile { get; init; }

    public static ColumnDefinition From(FeedColumn column) => new()
    {
        Name = column.Name,
        Field = column.Field,
        Type = column.TypeName,
        Nullable = column.Nullable ? null : false,
        InEveryFile = column.InEveryFile,
        Unknown = column.Unknown,
    };

    /// <summary>Returns the column, or null when this version does not know the type.</summary>
    public FeedColumn? ToColumn()
        => ColumnTypes.Find(Type ?? "text") is var (type, scale)
            ? new(Name ?? "", Field ?? Name ?? "", type, scale, Nullable ?? true) { InEveryFile = InEveryFile, Unknown = Unknown }
            : null;
}

/// <summary>Reads and writes the name of a column's type.</summary>
internal sealed class ColumnTypeConverter : BoxedConverter<string?>
{
    protected override string? Read(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && ColumnTypes.Find(text) is not null
            ? text
            : throw new DefinitionValueException($"must be {ColumnTypes.All}");

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
