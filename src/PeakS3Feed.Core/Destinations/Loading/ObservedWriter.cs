using PeakS3Feed.Rows;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>Tells the observer of the first rows that are written.</summary>
internal sealed class ObservedWriter(IRowWriter inner, ICommitObserver? observer, long sequence) : IRowWriter
{
    private bool _told;

    public Task BeginObjectAsync(SourceObject source, bool undoable, CancellationToken cancellationToken)
        => inner.BeginObjectAsync(source, undoable, cancellationToken);

    public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        var refused = await inner.WriteAsync(batch, cancellationToken);
        if (_told || batch.Count == 0)
            return refused;
        _told = true;
        observer?.OnStep(CommitStep.Writing, sequence);
        return refused;
    }

    public Task EndObjectAsync(CancellationToken cancellationToken) => inner.EndObjectAsync(cancellationToken);

    public Task UndoObjectAsync(CancellationToken cancellationToken) => inner.UndoObjectAsync(cancellationToken);

    public Task<long> CompleteAsync(CancellationToken cancellationToken) => inner.CompleteAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
