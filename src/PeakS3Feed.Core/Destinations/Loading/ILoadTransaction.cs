using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// The one transaction in which a load's rows and its ledger entries become visible together. <see cref="LoadSteps"/>
/// calls the members in the order in which they stand here. Disposed without a commit, it rolls back.
/// </summary>
public interface ILoadTransaction : IAsyncDisposable
{
    /// <summary>Takes the lock row, waiting a little for whoever holds it, and reads the ledger's state.</summary>
    Task<LedgerState> LockAsync(CancellationToken cancellationToken);

    /// <summary>The load of that id, or null when it was not committed.</summary>
    Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken);

    /// <summary>Looks at table and ledger, as this transaction sees them.</summary>
    Task<TableState> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Makes the table fit: additive DDL only, within the transaction where the destination can.</summary>
    Task PrepareAsync(IReadOnlyList<TableChange> changes, CancellationToken cancellationToken);

    /// <summary>Deletes the rows that this feed loaded from earlier versions of these objects; gives their number.</summary>
    Task<long> DeleteEarlierVersionsAsync(IAsyncEnumerable<SourceObject> changed, CancellationToken cancellationToken);

    /// <summary>For <see cref="LoadShape.Rows"/>: opens the writer.</summary>
    Task<IRowWriter> OpenWriterAsync(CancellationToken cancellationToken);

    /// <summary>For <see cref="LoadShape.StagedFiles"/>: has the engine copy what was staged; gives the number of rows it took.</summary>
    Task<long> CopyStagedAsync(IRowWriter staged, CancellationToken cancellationToken)
        => throw new NotSupportedException("This destination takes rows, not files.");

    /// <summary>Brings rows that wait in a staging table into the target. Nothing to do where they went straight in.</summary>
    Task ApplyAsync(FeedSchema schema, CancellationToken cancellationToken);

    /// <summary>Writes the load, its files and the state of the lock row.</summary>
    Task RecordAsync(LoadRecord load, FeedSchema schema, string? signature, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken);

    /// <summary>Writes objects that are taken as loaded, as a load of their own whose rows cannot be found.</summary>
    Task RecordAssumedAsync(LoadRecord load, FeedSchema schema, IAsyncEnumerable<SourceObject> files, CancellationToken cancellationToken)
        => throw new NotSupportedException("This destination's tables cannot be adopted.");

    /// <summary>Commits. Not cancellable: once sent, the answer is awaited.</summary>
    Task CommitAsync();
}
