namespace PeakS3Feed.Formats.Json;

/// <summary>The result of parsing one value.</summary>
internal enum JsonOutcome
{
    /// <summary>A complete value: a row, or a reject.</summary>
    Value,

    /// <summary>An incomplete value.</summary>
    Partial,

    /// <summary>The bytes are not JSON.</summary>
    Invalid,

    /// <summary>A value with more fields than a file may have.</summary>
    TooManyFields,
}
