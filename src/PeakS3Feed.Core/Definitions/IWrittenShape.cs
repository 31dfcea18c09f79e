using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PeakS3Feed.Definitions;

/// <summary>A converter whose values have members: says which type describes them.</summary>
internal interface IWrittenShape
{
    /// <summary>The type that describes a value; null where its <paramref name="problem"/> is that none does.</summary>
    /// <param name="value">The value, of any kind.</param>
    /// <param name="options">The options of the reader.</param>
    /// <param name="problem">The member that is missing or wrong, what is wrong with it, and a hint.</param>
    JsonTypeInfo? TypeOf(JsonElement value, JsonSerializerOptions options, out (string Member, string What, string? Hint) problem);

    /// <summary>The type that describes values without a value at hand; null where it depends on the value.</summary>
    JsonTypeInfo? TypeOf(JsonSerializerOptions options);

    /// <summary>Why a member that the type of a value does not have cannot stand there; null where it is merely unknown.</summary>
    string? WhyNot(JsonTypeInfo type, string member, JsonSerializerOptions options);
}
