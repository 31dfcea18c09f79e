using PeakS3Feed.Destinations.Parquet;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// A folder of tables on S3: each is a folder of Parquet files under a Delta Lake log, which engines read in place. There is no server and no
/// catalog; a commit is one conditional request to the bucket.
/// </summary>
public sealed record S3ExternalDestination : S3FeedDestination
{
    /// <summary>The maximum of <see cref="FileSizeMiB"/>.</summary>
    public const int MaxFileSizeMiB = 1024;

    /// <summary>The maximum of <see cref="RowGroupSizeMiB"/>. A lane holds one row group in memory.</summary>
    public const int MaxRowGroupSizeMiB = 128;

    /// <summary>
    /// The name of the connection whose bucket has the tables. It must be allowed to write, list and delete below <see cref="RootPath"/>.
    /// </summary>
    public required string ConnectionName { get; init; }

    /// <summary>
    /// The folder of the tables below the connection's root path: ends in a slash, or is empty. A table is the folder of its name in it.
    /// </summary>
    public string RootPath { get; init; } = "";

    /// <summary>How the data files are compressed.</summary>
    public ParquetCompression Compression { get; init; }

    /// <summary>The size at which a data file ends: 1 to <see cref="MaxFileSizeMiB"/> MiB.</summary>
    public int FileSizeMiB { get; init; } = 128;

    /// <summary>The encoded size at which a row group of a data file ends: 1 to <see cref="MaxRowGroupSizeMiB"/> MiB.</summary>
    public int RowGroupSizeMiB { get; init; } = 16;

    /// <summary>The ARN of the KMS key that encrypts the files; null for the bucket's default encryption.</summary>
    public string? KmsKeyArn { get; init; }

    /// <summary>Whether a manifest is kept beside each table, through which Redshift Spectrum reads it.</summary>
    public bool SpectrumManifest { get; init; }

    /// <inheritdoc/>
    public override string Kind => "S3External";

    /// <inheritdoc/>
    public override string Place => $"{ConnectionName}:{(RootPath.Length == 0 ? "/" : RootPath)}";
}
