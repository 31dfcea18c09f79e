namespace PeakS3Feed.Formats;

/// <summary>How the file writes a field's value. It decides what is NULL, text or a number.</summary>
public enum FieldKind : byte
{
    /// <summary>The row does not have this field.</summary>
    Missing,

    /// <summary>An explicit NULL (JSON null, or one of the feed's NULL values in CSV).</summary>
    Null,

    /// <summary>A CSV value without quotes.</summary>
    Unquoted,

    /// <summary>A CSV value in quotes; the value has its quotes and escapes removed.</summary>
    Quoted,

    /// <summary>A JSON string, unescaped.</summary>
    JsonString,

    /// <summary>A JSON number, as its source token.</summary>
    JsonNumber,

    /// <summary>JSON true or false, as its source token.</summary>
    JsonBoolean,

    /// <summary>A nested JSON object or array, as its source text.</summary>
    JsonNested,
}
