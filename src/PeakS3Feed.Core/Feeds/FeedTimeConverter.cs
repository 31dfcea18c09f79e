using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Definitions;

namespace PeakS3Feed.Feeds;

/// <summary>Reads what <see cref="FeedTimes.TryParse"/> reads; writes the instant in UTC.</summary>
internal sealed class FeedTimeConverter : BoxedConverter<DateTimeOffset?>
{
    protected override DateTimeOffset? Read(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String && FeedTimes.TryParse(reader.GetString()!, out var time)
            ? time
            : throw new DefinitionValueException("must be a time: 2026-01-31 for midnight UTC, or 2026-01-31T15:30:00Z");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
        => writer.WriteStringValue(value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}
