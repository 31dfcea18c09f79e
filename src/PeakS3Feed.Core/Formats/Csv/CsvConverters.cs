using System.Text.Json;
using PeakS3Feed.Definitions;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Reads and writes a separator as people name it: Comma, Tab, Pipe, Semicolon, Space, Auto (null), or the separator itself.</summary>
internal sealed class CsvSeparatorConverter : BoxedConverter<string?>
{
    public override bool HandleNull => true;

    protected override string? Read(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String ? CsvSeparator.Parse(reader.GetString()!) : throw new DefinitionValueException("must be a text");

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options)
        => writer.WriteStringValue(CsvSeparator.Format(value));
}

/// <summary>Reads and writes a quote or an escape: the character, or None (null).</summary>
internal sealed class CsvCharacterConverter : BoxedConverter<char?>
{
    public override bool HandleNull => true;

    protected override char? Read(ref Utf8JsonReader reader)
        => reader.TokenType != JsonTokenType.String ? throw new DefinitionValueException("must be a text")
            : CsvCharacter.TryParse(reader.GetString()!, out var character) ? character
            : throw new DefinitionValueException($"must be one character, or {CsvCharacter.None}");

    public override void Write(Utf8JsonWriter writer, char? value, JsonSerializerOptions options)
        => writer.WriteStringValue(value?.ToString() ?? CsvCharacter.None);
}
