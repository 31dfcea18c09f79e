using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PeakS3Feed.Definitions;

/// <summary>A converter of values with members. It names the type that describes the members.</summary>
internal interface IDefinitionShape
{
    /// <summary>Returns the type that describes a value, or null if no type does.</summary>
    /// <param name="value">The value, of any kind.</param>
    /// <param name="options">The options of the reader.</param>
    /// <param name="problem">If no type describes the value: the member that is missing or wrong, the problem, and a hint.</param>
    JsonTypeInfo? TypeOf(JsonElement value, JsonSerializerOptions options, out (string Member, string What, string? Hint) problem);

    /// <summary>Returns the type that describes every value, or null if it depends on the value.</summary>
    JsonTypeInfo? TypeOf(JsonSerializerOptions options);

    /// <summary>Returns why a member does not belong to a type that another type has; null for a member that no type has.</summary>
    string? ExplainMisplaced(JsonTypeInfo type, string member, JsonSerializerOptions options);
}
