using System.Text.Json;
using System.Text.Json.Serialization;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Store.Documents;

/// <summary>Reads 25, "25" and "1%"; writes a count as a number and a share as text.</summary>
internal sealed class ThresholdConverter : JsonConverter<FailedRowThreshold>
{
    private const string Expected = "must be a number of rows such as 25, or a share such as \"1%\"";

    public override FailedRowThreshold Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0) return FailedRowThreshold.OfCount(count);
        if (reader.TokenType != JsonTokenType.String) throw new DocumentValueException(Expected);
        try
        {
            return FailedRowThreshold.Parse(reader.GetString()!);
        }
        catch (FeedException)
        {
            throw new DocumentValueException(Expected);
        }
    }

    public override void Write(Utf8JsonWriter writer, FailedRowThreshold value, JsonSerializerOptions options)
    {
        if (value.Percent is null) writer.WriteNumberValue(value.Count);
        else writer.WriteStringValue(value.ToString());
    }
}
