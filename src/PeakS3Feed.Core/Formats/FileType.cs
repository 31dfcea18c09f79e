namespace PeakS3Feed.Formats;

/// <summary>The format of a feed's files.</summary>
public enum FileType
{
    /// <summary>Text with separated values.</summary>
    Csv,

    /// <summary>One JSON array of objects.</summary>
    Json,

    /// <summary>One JSON object on each line.</summary>
    Ndjson,
}
