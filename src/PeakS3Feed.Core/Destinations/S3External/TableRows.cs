using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Counts the rows of a table.</summary>
internal sealed class TableRows(IStagingArea folder, DeltaLog log)
{
    /// <summary>Counts the rows of a version: from the log, or from a file itself where the log does not say.</summary>
    public async Task<long> CountAsync(DeltaState state, CancellationToken cancellationToken)
    {
        long rows = 0;
        await foreach (var file in log.ReadFilesAsync(state, cancellationToken))
            rows += DeltaStatistics.Read(file.Stats, []).Rows ?? await CountAsync(file, cancellationToken);
        return rows;
    }

    private async Task<long> CountAsync(DeltaAdd file, CancellationToken cancellationToken)
    {
        await using var reader = await TableFile.OpenAsync(folder, file.Name, file.Size, cancellationToken);
        return reader.Rows;
    }
}
