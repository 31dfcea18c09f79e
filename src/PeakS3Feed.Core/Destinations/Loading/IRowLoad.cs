using PeakS3Feed.Rows;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>Takes rows, object by object. For one task at a time.</summary>
public interface IRowSink : IAsyncDisposable
{
    /// <summary>
    /// Begins an object: the rows that follow come from it. With <paramref name="undoable"/>, <see cref="UndoObjectAsync"/> can take them
    /// back until <see cref="EndObjectAsync"/>.
    /// </summary>
    /// <param name="source">The object.</param>
    /// <param name="ordinal">The object's number in the load, in loading order, from 0.</param>
    /// <param name="undoable">Whether the object may have to be undone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken);

    /// <summary>
    /// Writes rows. A batch whose schema has more columns than the ones before adds them to the table. With
    /// <see cref="LoadSpec.FindRefusedRows"/> it returns the rows that the destination refused, in their order; all others are written.
    /// </summary>
    Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken);

    /// <summary>Ends the object, which is whole.</summary>
    Task EndObjectAsync(CancellationToken cancellationToken);

    /// <summary>Takes the object's rows back.</summary>
    Task UndoObjectAsync(CancellationToken cancellationToken);
}

/// <summary>A row of a batch that the destination itself refused: too wide for it, or a key too long for an index.</summary>
/// <param name="Row">The row's number in the batch, from 0.</param>
/// <param name="Reason">The destination's message.</param>
public sealed record RefusedRow(int Row, string Reason);

/// <summary>
/// The one transaction in which a load's rows and its ledger entries become visible together. <see cref="CommitProtocol"/> calls the
/// members in the order in which they stand here. Disposed without a commit, it rolls back.
/// </summary>
public interface IRowLoad : IAsyncDisposable
{
    /// <summary>Table and ledger as the transaction sees them, under the lock.</summary>
    TableSnapshot Table { get; }

    /// <summary>Changes the table and the ledger as the rows need it. Returns the number of earlier versions' rows that it deleted.</summary>
    Task<long> PrepareAsync(LoadPreparation preparation, CancellationToken cancellationToken);

    /// <summary>Opens the sink for the load's rows, which come in loading order.</summary>
    Task<IRowSink> OpenSinkAsync(CancellationToken cancellationToken);

    /// <summary>Ends the writing. Returns the number of rows that the destination took, counted by itself where it can.</summary>
    Task<long> CompleteAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Brings rows that wait in a staging table into the target, writes the ledger and commits. It calls <see cref="LoadOrder.Reached"/> with
    /// <see cref="CommitStep.Committing"/> right before it sends the commit, and cannot be cancelled from there on.
    /// </summary>
    Task CommitAsync(LoadCommit commit, CancellationToken cancellationToken);
}

/// <summary>Where the rows of one load are staged as files, by several lanes side by side.</summary>
public interface IStage
{
    /// <summary>
    /// Opens a sink of its own for one task. Rows carry their object's ordinal and their number in the object, for order and complaints.
    /// </summary>
    IRowSink OpenLane();

    /// <summary>Completes all files, once the lanes are disposed.</summary>
    Task<StagedLoad> FinishAsync(CancellationToken cancellationToken);

    /// <summary>Rewrites the parts that hold these rows, without them.</summary>
    Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken);

    /// <summary>Ends the stage. Deletes the files that are no longer needed; a later run deletes those that remain.</summary>
    Task CloseAsync(StageEnd end);
}

/// <summary>How a stage ends.</summary>
public enum StageEnd
{
    /// <summary>No commit took the files, and none will.</summary>
    Discarded,

    /// <summary>The load is committed.</summary>
    Committed,

    /// <summary>A commit was sent, and its outcome is unknown: the files may be needed.</summary>
    InDoubt,
}
