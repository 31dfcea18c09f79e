namespace PeakS3Feed.Formats;

/// <summary>How a field's value was written in the file: what NULL, text and number mean depends on it.</summary>
public enum FieldKind : byte
{
    /// <summary>The row does not have this field.</summary>
    Missing,

    /// <summary>An explicit NULL (JSON null, or one of the feed's NULL values in CSV).</summary>
    Null,

    /// <summary>CSV, without quotes.</summary>
    Unquoted,

    /// <summary>CSV, in quotes; the value has them and their escapes removed.</summary>
    Quoted,

    /// <summary>A JSON string, unescaped.</summary>
    JsonString,

    /// <summary>A JSON number: its source token.</summary>
    JsonNumber,

    /// <summary>JSON true or false: its source token.</summary>
    JsonBoolean,

    /// <summary>A nested JSON object or array: its source text.</summary>
    JsonNested,
}
