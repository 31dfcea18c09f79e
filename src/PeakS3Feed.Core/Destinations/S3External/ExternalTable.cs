using PeakS3Feed.Connections;
using PeakS3Feed.Schemas;

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

    /// <summary>The columns that the data files have, in the order of the table; null while they are not known.</summary>
    public IReadOnlyList<FeedColumn>? Columns { get; init; }

    /// <summary>The fields that divide the table into partitions. Their columns are not in the data files.</summary>
    public IReadOnlyList<PartitionField> Partitions { get; init; } = [];

    /// <summary>The database or schema of the engine that gets the table; null for the engine's default.</summary>
    public string? Database { get; init; }

    /// <summary>The folder of all tables of the destination: <c>s3://bucket/folder/</c>, or <c>file:///folder/</c>.</summary>
    public string Root => Connection.IsFolder
        ? new Uri(Path.Combine(Connection.FolderPath ?? "/", Connection.RootPrefix + Destination.RootPath)).AbsoluteUri.TrimEnd('/') + "/"
        : $"s3://{Connection.BucketName}/{Connection.RootPrefix}{Destination.RootPath}";

    /// <summary>The folder of the table, without a slash at its end.</summary>
    public string Location => Connection.IsFolder ? Root + Uri.EscapeDataString(Name) : Root + Name;

    /// <summary>The columns of the table that are not in the data files, with their types.</summary>
    /// <exception cref="InvalidOperationException">The columns are not known.</exception>
    public IReadOnlyList<(string Name, PartitionField Field, FeedColumn Source)> PartitionColumns
        => [.. Partitions.Select(p => (p.Name, p, All.First(c => c.Name == p.Column)))];

    /// <summary>The columns that the data files have.</summary>
    /// <exception cref="InvalidOperationException">The columns are not known.</exception>
    public IEnumerable<FeedColumn> FileColumns => All.Where(c => !Partitions.Any(p => !p.IsDerived && p.Column == c.Name));

    private IReadOnlyList<FeedColumn> All => Columns ?? throw new InvalidOperationException($"The columns of {Name} are not known.");
}
