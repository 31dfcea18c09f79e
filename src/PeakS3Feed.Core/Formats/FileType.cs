namespace PeakS3Feed.Formats;

/// <summary>The type of all the files of a feed.</summary>
public enum FileType
{
    /// <summary>Values with a separator.</summary>
    Csv,

    /// <summary>A top-level array of objects.</summary>
    Json,

    /// <summary>One JSON object a line.</summary>
    Ndjson,
}
