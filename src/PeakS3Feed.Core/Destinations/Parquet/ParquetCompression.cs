namespace PeakS3Feed.Destinations.Parquet;

/// <summary>How the pages of Parquet files are compressed.</summary>
public enum ParquetCompression
{
    /// <summary>Zstandard: smaller files. All current engines read it.</summary>
    Zstd,

    /// <summary>Snappy: larger files, for readers that know only this.</summary>
    Snappy,
}
