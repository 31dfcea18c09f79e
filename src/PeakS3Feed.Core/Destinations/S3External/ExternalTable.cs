using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Delta;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>A table on S3, as an engine must know it to read it.</summary>
/// <param name="Destination">The destination that has the table.</param>
/// <param name="Connection">The connection of the destination.</param>
/// <param name="Name">The name of the table.</param>
internal sealed record ExternalTable(S3ExternalDestination Destination, S3Connection Connection, string Name)
{
    /// <summary>
    /// The manifest for Redshift Spectrum, below the table's folder. Its folder begins with <c>_</c>, so that no reader takes it for data and no
    /// VACUUM deletes it; its own name does not, because Spectrum ignores such files.
    /// </summary>
    public const string SpectrumManifest = "_spectrum_manifest/manifest";

    /// <summary>The columns of the table, those of partitions included; null while they are not known.</summary>
    public TableColumns? Columns { get; init; }

    /// <summary>Says that the columns are not those that the table's log has, and why; null if they are, and while they are not known.</summary>
    public string? ColumnsNote { get; init; }

    /// <summary>The database or schema of the engine that gets the table; null for the engine's default.</summary>
    public string? Database { get; init; }

    /// <summary>The folder of all tables of the destination: <c>s3://bucket/folder/</c>, or <c>file:///folder/</c>.</summary>
    public string Root => Connection.IsFolder
        ? new Uri(Path.Combine(Connection.Folder ?? "/", Connection.RootPrefix + Destination.RootPath)).AbsoluteUri.TrimEnd('/') + "/"
        : $"s3://{Connection.BucketName}/{Connection.RootPrefix}{Destination.RootPath}";

    /// <summary>The folder of the table, without a slash at its end.</summary>
    public string Location => Connection.IsFolder ? Root + Uri.EscapeDataString(Name) : Root + Name;

    /// <summary>The columns of the table that are not in the data files.</summary>
    /// <exception cref="InvalidOperationException">The columns are not known.</exception>
    public IEnumerable<DeltaField> PartitionColumns
        => Known.Partitions.Select(p => Known.Fields.First(f => string.Equals(f.Name, p, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The columns that the data files have.</summary>
    /// <exception cref="InvalidOperationException">The columns are not known.</exception>
    public IEnumerable<DeltaField> FileColumns => Known.Fields.Where(f => !Known.IsPartition(f.Name));

    private TableColumns Known => Columns ?? throw new InvalidOperationException($"The columns of {Name} are not known.");
}
