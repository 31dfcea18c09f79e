using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Opens Parquet files of a table.</summary>
internal static class TableFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="name">The name of the file.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Task<ParquetFileReader> OpenAsync(IStagingArea folder, string name, long bytes, CancellationToken cancellationToken)
        => ParquetFileReader.OpenAsync(
            new ParquetSource(folder.GetUri(name), bytes, (offset, buffer, c) => folder.ReadAtAsync(name, offset, buffer, c)), cancellationToken);
}
