using PeakS3Feed.Rows;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>Takes the rows of a load, object by object in loading order.</summary>
public interface IRowWriter : IAsyncDisposable
{
    /// <summary>
    /// The rows that follow come from this object. With <paramref name="undoable"/> they can be taken back by
    /// <see cref="UndoObjectAsync"/> until <see cref="EndObjectAsync"/>.
    /// </summary>
    Task BeginObjectAsync(SourceObject source, bool undoable, CancellationToken cancellationToken);

    /// <summary>
    /// Writes rows. A batch whose schema has more columns than the ones before adds them to the table. With
    /// <see cref="LoadSpec.FindRefusedRows"/> gives the rows that the destination refused, in their order; all others are written.
    /// </summary>
    Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken);

    /// <summary>The object is whole.</summary>
    Task EndObjectAsync(CancellationToken cancellationToken);

    /// <summary>Takes the object's rows back.</summary>
    Task UndoObjectAsync(CancellationToken cancellationToken);

    /// <summary>All rows were written; gives the number that the destination took, counted by itself where it can.</summary>
    Task<long> CompleteAsync(CancellationToken cancellationToken);
}
