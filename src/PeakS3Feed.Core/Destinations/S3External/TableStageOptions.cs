using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>How one load is staged.</summary>
/// <param name="Files">The form of data files.</param>
/// <param name="Spec">The load's settings.</param>
/// <param name="Stamp">The values of the audit columns.</param>
/// <param name="Fields">The columns of the table's files.</param>
/// <param name="CodecName">The codec in the names of files.</param>
internal sealed record TableStageOptions(ParquetOptions Files, LoadSpec Spec, LoadStamp Stamp, TableFields Fields, string CodecName)
{
    /// <summary>How many rows of partitions wait for files.</summary>
    public WaitingLimits Waiting { get; init; } = new();
}
