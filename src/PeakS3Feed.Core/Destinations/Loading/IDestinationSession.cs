using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// One connection to a destination for one feed and table. A session that failed is thrown away and a new one opened;
/// it is not safe for concurrent use.
/// </summary>
public interface IDestinationSession : IAsyncDisposable
{
    /// <summary>What the destination can do.</summary>
    DestinationCapabilities Capabilities { get; }

    /// <summary>The statements that make and change tables, in this destination's SQL.</summary>
    SqlDialect Dialect { get; }

    /// <summary>The statements of a load's transaction, but for those that change the table, for a plan to show.</summary>
    IReadOnlyList<string> Describe(LoadSpec spec);

    /// <summary>
    /// Looks at table and ledger, both as they are at one moment, so that a load which commits meanwhile is seen in both or in neither;
    /// changes nothing. Within a transaction: <see cref="ILoadTransaction.InspectAsync"/>.
    /// </summary>
    Task<TableState> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Streams the newest loaded version of each key of a bucket, in ascending order of the keys' UTF-8 bytes.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="takeover">Loads to read as if they were taken over already, or null.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(string bucket, LedgerTakeover? takeover, CancellationToken cancellationToken);

    /// <summary>
    /// Streams the names (s3://bucket/key) of a bucket's objects whose rows stand in the table, each once; not those that another feed
    /// has loaded into it and still counts as its own.
    /// </summary>
    IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, CancellationToken cancellationToken) => AsyncEnumerable.Empty<string>();

    /// <summary>The loads that a run committed.</summary>
    Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken);

    /// <summary>How much the ledger has of this feed and table; null where there is no ledger.</summary>
    Task<LedgerCounts?> CountLedgerAsync(CancellationToken cancellationToken) => Task.FromResult<LedgerCounts?>(null);

    /// <summary>
    /// Keeps other runs of this feed and table out for as long as the session lives, where the destination can.
    /// Waits a little, then throws <c>FeedAlreadyRunning</c>, naming the holder.
    /// </summary>
    Task HoldAsync(CancellationToken cancellationToken);

    /// <summary>Makes the ledger's tables where they are missing and raises the epoch: every older run is fenced from now on. Gives the state with the new epoch.</summary>
    Task<LedgerState> ClaimAsync(RunHolder holder, string loadType, CancellationToken cancellationToken);

    /// <summary>The number of rows in the table, which must exist.</summary>
    Task<long> CountRowsAsync(CancellationToken cancellationToken) => throw new NotSupportedException("This destination does not count rows.");

    /// <summary>
    /// Retires all that the ledger has of this feed and table: it does not count any more, but can be taken over. With the table it goes.
    /// </summary>
    Task ResetAsync(bool dropTable, CancellationToken cancellationToken);

    /// <summary>Begins the one transaction of a load.</summary>
    Task<ILoadTransaction> BeginAsync(LoadSpec spec, LoadStamp stamp, CancellationToken cancellationToken);

    /// <summary>For <see cref="LoadShape.StagedFiles"/>: opens the writer that stages a load's rows before its transaction.</summary>
    Task<IRowWriter> StageAsync(LoadSpec spec, LoadStamp stamp, CancellationToken cancellationToken)
        => throw new NotSupportedException("This destination takes rows, not files.");

    /// <summary>Whether the same work may succeed when it is done again on a new session: connection lost, deadlock, server restarting.</summary>
    bool IsTransient(Exception exception);

    /// <summary>Whether a COMMIT that ended in this error certainly did not land, because the server or engine itself refused it.</summary>
    bool IsCommitRefused(Exception exception);

    /// <summary>Whether the destination refused a single row that an attempt with <see cref="LoadSpec.FindRefusedRows"/> can find.</summary>
    bool IsRowRefused(Exception exception) => false;

    /// <summary>The error to show for one of the driver's.</summary>
    Exception Translate(Exception exception);
}
