using System.Text.Json;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>Reads the members of an action's object. What is not as the protocol says throws a <see cref="JsonException"/>.</summary>
internal static class DeltaJson
{
    /// <summary>
    /// Moves to the name of the next member, or to the end of the object and returns false. The reader is at the object's start or at the end of the
    /// last member's value.
    /// </summary>
    public static bool Next(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.String
            or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            throw new JsonException("it is no JSON object.");
        return json.Read() && json.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Whether the member has a name. If so, moves to its value.</summary>
    public static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        if (!json.ValueTextEquals(name))
            return false;
        json.Read();
        return true;
    }

    /// <summary>A text, or null.</summary>
    public static string? Text(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? null : json.GetString();

    /// <summary>A text; null for anything else, which is skipped.</summary>
    public static string? TextIfAny(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
            return json.GetString();
        json.Skip();
        return null;
    }

    /// <summary>A whole number of 64 bits, or null.</summary>
    public static long? Number(ref Utf8JsonReader json, string name) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when json.TryGetInt64(out var number) => number,
        _ => throw new JsonException($"{name} is not a whole number of 64 bits."),
    };

    /// <summary>A number; null for anything else, which is skipped.</summary>
    public static long? NumberIfAny(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number))
            return number;
        json.Skip();
        return null;
    }

    /// <summary>A whole number from 0, or null.</summary>
    public static long? Count(ref Utf8JsonReader json, string name)
        => Number(ref json, name) is { } number ? number >= 0 ? number : throw new JsonException($"{name} is negative.") : null;

    /// <summary>Texts, or null.</summary>
    public static IReadOnlyList<string>? Texts(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("it has another value in place of an array.");
        var texts = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            texts.Add(json.GetString() ?? throw new JsonException("it has null in place of a text."));
        return texts;
    }

    /// <summary>Texts or nulls by name; null if there is no object.</summary>
    public static IReadOnlyDictionary<string, string?>? Map(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("it has another value in place of an object.");
        var map = new Dictionary<string, string?>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            map[name] = Text(ref json);
        }
        return map;
    }

    public static JsonException Missing(string action, string member) => new($"{action} has no {member}.");

    /// <summary>The words for an exception of reading.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        JsonException { Path: null, LineNumber: null } own => own.Message,
        JsonException => "it is no valid JSON.",
        _ => "a member has a value of the wrong type, or text that is no UTF-8.",
    };
}
