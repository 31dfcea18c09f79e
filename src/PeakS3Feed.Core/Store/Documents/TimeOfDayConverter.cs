using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Store.Documents;

/// <summary>Reads and writes a time of day as people do: 07:00, or 07:00:30.</summary>
internal sealed class TimeOfDayConverter : JsonConverter<TimeOnly>
{
    private static readonly string[] Formats = ["HH':'mm", "H':'mm", "HH':'mm':'ss", "H':'mm':'ss"];

    public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String
            && TimeOnly.TryParseExact(reader.GetString(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time
                : throw new DocumentValueException("must be a time of day such as \"07:00\"");

    public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString(value.Second == 0 ? Formats[0] : Formats[2], CultureInfo.InvariantCulture));
}
