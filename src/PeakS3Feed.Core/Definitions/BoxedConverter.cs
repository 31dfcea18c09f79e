using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Definitions;

/// <summary>Reads values of one type, boxed.</summary>
internal interface IBoxedReader
{
    /// <summary>Whether it reads null, too.</summary>
    bool ReadsNull { get; }

    /// <summary>Reads a value. Throws what <see cref="BoxedConverter{T}.Read(ref Utf8JsonReader)"/> throws.</summary>
    object? ReadBoxed(ref Utf8JsonReader reader);
}

/// <summary>A converter that also reads boxed values.</summary>
internal abstract class BoxedConverter<T> : JsonConverter<T>, IBoxedReader
{
    bool IBoxedReader.ReadsNull => HandleNull;

    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    object? IBoxedReader.ReadBoxed(ref Utf8JsonReader reader) => Read(ref reader);

    /// <summary>Reads a value. Throws <see cref="DefinitionValueException"/> for a value that the member cannot have.</summary>
    protected abstract T Read(ref Utf8JsonReader reader);
}
