namespace PeakS3Feed.Formats.Json;

/// <summary>What stands at the beginning of some bytes.</summary>
internal enum JsonOutcome
{
    /// <summary>A value that is whole: a row, or one that cannot be loaded.</summary>
    Value,

    /// <summary>Something that is not whole.</summary>
    Partial,

    /// <summary>Something that is not JSON.</summary>
    Invalid,

    /// <summary>A value with more fields than a file can have.</summary>
    TooManyFields,
}
