using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Store.Documents;

/// <summary>Reads durations as people write them; writes them as hours, minutes and seconds.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    private static readonly string Expected = $"must be a duration: {DurationText.Forms}";

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => reader.TryGetDecimal(out var number) ? number.ToString(CultureInfo.InvariantCulture) : throw new DocumentValueException(Expected),
            _ => throw new DocumentValueException(Expected),
        };
        // The text itself may be a secret in the wrong place; a number is none.
        return DurationText.TryParse(text, out var duration) is not { } problem ? duration
            : throw new DocumentValueException(text.All(c => char.IsAsciiDigit(c) || c is '-' or '.') ? $"must be a duration, and {problem.TrimEnd('.')}" : Expected);
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));
}
