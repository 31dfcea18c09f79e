using System.Management.Automation;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.S3External;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <content>The settings of tables on S3.</content>
public abstract partial class DestinationSettingsCmdlet
{
    [Parameter(
        ParameterSetName = S3ExternalSet,
        HelpMessage = "The folder of the tables below the connection's root path, ending in a slash; by default the root path itself.")]
    [AllowNull]
    [AllowEmptyString]
    public string? RootPath { get; set; }

    [Parameter(ParameterSetName = S3ExternalSet, HelpMessage = "How data files are compressed: Zstd (default) or Snappy.")]
    public ParquetCompression Compression { get; set; }

    [Parameter(ParameterSetName = S3ExternalSet, HelpMessage = "The size at which a data file ends, in MiB; 128 by default.")]
    [ValidateRange(1, S3ExternalDestination.MaxFileSizeMiB)]
    public int FileSizeMiB { get; set; }

    [Parameter(ParameterSetName = S3ExternalSet, HelpMessage = "The encoded size at which a row group of a data file ends, in MiB; 16 by default.")]
    [ValidateRange(1, S3ExternalDestination.MaxRowGroupSizeMiB)]
    public int RowGroupSizeMiB { get; set; }

    [Parameter(
        ParameterSetName = S3ExternalSet, HelpMessage = "The ARN of the KMS key that encrypts the files; by default the bucket's own encryption.")]
    [AllowNull]
    public string? KmsKeyArn { get; set; }

    [Parameter(ParameterSetName = S3ExternalSet, HelpMessage = "Keep a manifest beside each table, through which Redshift Spectrum reads it.")]
    public SwitchParameter SpectrumManifest { get; set; }

    private protected S3ExternalDestination Apply(S3ExternalDestination tables)
    {
        if (Given(nameof(ConnectionName))) tables = tables with { ConnectionName = ConnectionName! };
        if (Given(nameof(RootPath))) tables = tables with { RootPath = RootPath ?? "" };
        if (Given(nameof(Compression))) tables = tables with { Compression = Compression };
        if (Given(nameof(FileSizeMiB))) tables = tables with { FileSizeMiB = FileSizeMiB };
        if (Given(nameof(RowGroupSizeMiB))) tables = tables with { RowGroupSizeMiB = RowGroupSizeMiB };
        if (Given(nameof(KmsKeyArn))) tables = tables with { KmsKeyArn = OrNull(KmsKeyArn) };
        return Given(nameof(SpectrumManifest)) ? tables with { SpectrumManifest = SpectrumManifest } : tables;
    }
}
