using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// The stage of one load: the files, and what the warehouse has of them. It outlives sessions, so that a later attempt finds the staging table that an
/// earlier one has filled.
/// </summary>
internal sealed class RedshiftStage(CsvStage files, Action closed) : IStage
{
    private int _attempts;

    /// <summary>The staged files.</summary>
    public CsvStage Files => files;

    /// <summary>The name of the staging table that holds all rows, or null.</summary>
    public string? RowsTable { get; set; }

    /// <summary>Returns the number of the next attempt, from 1. No two attempts share the name of a table, a file or a token.</summary>
    public int NextAttempt() => Interlocked.Increment(ref _attempts);

    public IRowSink OpenLane() => files.OpenLane();

    public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => files.FinishAsync(cancellationToken);

    public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
        => files.RemoveAsync(rows, cancellationToken);

    public Task CloseAsync(StageEnd end)
    {
        closed();
        return files.CloseAsync(end);
    }
}
