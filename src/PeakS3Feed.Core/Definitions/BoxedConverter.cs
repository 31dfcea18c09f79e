using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Definitions;

/// <summary>Reads values of one type, boxed.</summary>
internal interface IBoxedReader
{
    /// <summary>Whether it reads null, too.</summary>
    bool ReadsNull { get; }

    /// <summary>Reads a value. Throws what a <see cref="JsonConverter{T}"/> throws.</summary>
    object? ReadBoxed(ref Utf8JsonReader reader, JsonSerializerOptions options);
}

/// <summary>A converter that also reads boxed values.</summary>
internal abstract class BoxedConverter<T> : JsonConverter<T>, IBoxedReader
{
    bool IBoxedReader.ReadsNull => HandleNull;

    object? IBoxedReader.ReadBoxed(ref Utf8JsonReader reader, JsonSerializerOptions options) => Read(ref reader, typeof(T), options);
}
