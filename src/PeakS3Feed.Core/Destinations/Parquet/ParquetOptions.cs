using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>How Parquet files are written.</summary>
/// <param name="Compression">The codec.</param>
/// <param name="RowGroupBytes">The size of a row group as encoded, before compression, about. An open writer holds one in memory, compressed. It is
/// at most the size of a file.</param>
/// <param name="FileBytes">The size at which a file is full, about. The caller ends the file.</param>
/// <param name="RowGroupRows">The maximum number of rows of a row group, about: engines read row groups in parallel, so well compressed rows must not
/// make a file of one group.</param>
internal sealed record ParquetOptions(
    ParquetCompression Compression = ParquetCompression.Zstd,
    long RowGroupBytes = ParquetOptions.DefaultRowGroupBytes,
    long FileBytes = ParquetOptions.DefaultFileBytes,
    long RowGroupRows = 1024 * 1024)
{
    /// <summary>How many columns a writer encodes at a time, at least 1.</summary>
    public int Tasks { get; init; } = 1;

    /// <summary>16 MiB.</summary>
    public const long DefaultRowGroupBytes = 16L * 1024 * 1024;

    /// <summary>128 MiB.</summary>
    public const long DefaultFileBytes = 128L * 1024 * 1024;
}

/// <summary>A column of a Parquet file. It is always optional, whatever the feed's column allows.</summary>
/// <param name="Column">Its name and type.</param>
/// <param name="FieldId">The <c>field_id</c> of its schema element.</param>
internal sealed record ParquetField(FeedColumn Column, int FieldId);
