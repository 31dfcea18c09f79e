using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PeakS3Feed.Definitions;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Store;

/// <summary>Reads and writes an enumeration by the names of its members, regardless of case. Numbers are not accepted.</summary>
internal sealed class EnumNameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => (T)EnumNames.Read(ref reader, typeof(T));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Reads enumerations without code for each type.</summary>
internal static class EnumNames
{
    /// <summary>Reads a member of an enumeration, boxed. Throws <see cref="DefinitionValueException"/> for anything else.</summary>
    public static object Read(ref Utf8JsonReader reader, Type type)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        var names = Enum.GetNames(type);
        return Array.Find(names, n => string.Equals(n, text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse(type, name)
            : throw new DefinitionValueException($"must be {Choice(names)}");
    }

    private static string Choice(string[] names) => names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
}

/// <summary>Reads durations such as 5m or 1h30m; writes them as hours, minutes and seconds.</summary>
internal sealed class DurationConverter : BoxedConverter<TimeSpan>
{
    private static readonly string Expected = $"must be a duration: {DurationText.Forms}";

    protected override TimeSpan Read(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => reader.TryGetDecimal(out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : throw new DefinitionValueException(Expected),
            _ => throw new DefinitionValueException(Expected),
        };
        // A text is not quoted, because it may be a secret in the wrong place. A number may be quoted.
        return DurationText.TryParse(text, out var duration) is not { } problem ? duration
            : throw new DefinitionValueException(
                text.All(c => char.IsAsciiDigit(c) || c is '-' or '.') ? $"must be a duration, and {problem.TrimEnd('.')}" : Expected);
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));
}

/// <summary>Reads 25, "25" and "1%"; writes a count as a number and a percentage as text.</summary>
internal sealed class ThresholdConverter : BoxedConverter<FailedRowThreshold>
{
    private const string Expected = "must be a number of rows such as 25, or a percentage such as \"1%\"";

    protected override FailedRowThreshold Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0)
            return FailedRowThreshold.FromCount(count);
        if (reader.TokenType != JsonTokenType.String) throw new DefinitionValueException(Expected);
        try
        {
            return FailedRowThreshold.Parse(reader.GetString()!);
        }
        catch (FeedException)
        {
            throw new DefinitionValueException(Expected);
        }
    }

    public override void Write(Utf8JsonWriter writer, FailedRowThreshold value, JsonSerializerOptions options)
    {
        if (value.Percent is null) writer.WriteNumberValue(value.Count);
        else writer.WriteStringValue(value.ToString());
    }
}

/// <summary>Reads and writes a time of day: 07:00, or 07:00:30.</summary>
internal sealed class TimeOfDayConverter : BoxedConverter<TimeOnly>
{
    private static readonly string[] Formats = ["HH':'mm", "H':'mm", "HH':'mm':'ss", "H':'mm':'ss"];

    protected override TimeOnly Read(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String
            && TimeOnly.TryParseExact(reader.GetString(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time
                : throw new DefinitionValueException("must be a time of day such as \"07:00\"");

    public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString(value.Second == 0 ? Formats[0] : Formats[2], CultureInfo.InvariantCulture));
}

/// <summary>Reads and writes a format version, for example "1.2".</summary>
internal sealed class FormatVersionConverter : BoxedConverter<FormatVersion>
{
    protected override FormatVersion Read(ref Utf8JsonReader reader)
        => (reader.TokenType == JsonTokenType.String ? FormatVersion.Parse(reader.GetString()) : null)
            ?? throw new DefinitionValueException("must be a text such as \"1.0\"");

    public override void Write(Utf8JsonWriter writer, FormatVersion value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString());
}
