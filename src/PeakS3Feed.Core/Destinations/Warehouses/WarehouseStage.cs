using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// The stage of one load: the files, and what the warehouse has of them. It outlives sessions, so that a later attempt finds the staging table that
/// an earlier one has filled.
/// </summary>
/// <param name="files">The files.</param>
/// <param name="drop">Drops tables.</param>
/// <param name="closed">Is called when the stage is closed.</param>
internal sealed class WarehouseStage(CsvStage files, Func<IReadOnlyCollection<string>, Task> drop, Action closed) : IStage
{
    private int _attempts;

    /// <summary>
    /// The names of the staging tables that attempts have created, or may have created, and that none has dropped. The one session that works on the
    /// load changes them.
    /// </summary>
    public ISet<string> Tables { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The staged files.</summary>
    public CsvStage Files => files;

    /// <summary>
    /// The size of the longest text of each of the feed's columns, in bytes of UTF-8, where the warehouse has loaded the objects itself; null where
    /// rows were staged.
    /// </summary>
    public IReadOnlyList<int>? Longest { get; set; }

    /// <summary>The name of the staging table that holds all rows, or null.</summary>
    public string? RowsTable { get; set; }

    /// <summary>Returns the size of the longest text that is about to be loaded into a column, in bytes of UTF-8; 0 for none.</summary>
    /// <param name="column">The column's place in the schema.</param>
    public int LongestText(int column) => Longest is { } measured ? measured[column] : files.LongestText(column);

    /// <summary>Returns the number of the next attempt, from 1. No two attempts share the name of a table, a file or a token.</summary>
    public int NextAttempt() => Interlocked.Increment(ref _attempts);

    public IRowSink OpenLane() => files.OpenLane();

    public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => files.FinishAsync(cancellationToken);

    public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
        => files.RemoveAsync(rows, cancellationToken);

    public async Task CloseAsync(StageEnd end)
    {
        closed();
        if (end != StageEnd.InDoubt && Tables.Count > 0)
            await drop([.. Tables]);
        await files.CloseAsync(end);
    }
}
