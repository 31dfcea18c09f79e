using PeakS3Feed.Rows;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// A stage of one of two destinations. Once it fails it takes no more rows, and the other destination's stage goes on. A restart is no failure: the
/// load is staged again for both.
/// </summary>
/// <param name="inner">The stage.</param>
/// <param name="fail">Takes its failure; from any thread. It throws when there is no other stage left.</param>
/// <param name="hasFailed">Whether it has failed.</param>
internal sealed class IsolatedStage(IStage inner, Action<Exception> fail, Func<bool> hasFailed) : IStage
{
    public IRowSink OpenLane() => new Lane(inner.OpenLane(), fail, hasFailed);

    public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken) => inner.FinishAsync(cancellationToken);

    public Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
        => inner.RemoveAsync(rows, cancellationToken);

    public Task CloseAsync(StageEnd end) => inner.CloseAsync(end);

    private sealed class Lane(IRowSink inner, Action<Exception> fail, Func<bool> hasFailed) : IRowSink
    {
        public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
            => TryAsync(() => inner.BeginObjectAsync(source, ordinal, undoable, cancellationToken));

        public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
        {
            IReadOnlyList<RefusedRow> refused = [];
            await TryAsync(async () => refused = await inner.WriteAsync(batch, cancellationToken));
            return refused;
        }

        public Task EndObjectAsync(CancellationToken cancellationToken) => TryAsync(() => inner.EndObjectAsync(cancellationToken));

        public Task UndoObjectAsync(CancellationToken cancellationToken) => TryAsync(() => inner.UndoObjectAsync(cancellationToken));

        // Also closes the lane of a stage that has failed.
        public async ValueTask DisposeAsync()
        {
            try
            {
                await inner.DisposeAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                fail(e);
            }
        }

        private async Task TryAsync(Func<Task> action)
        {
            if (hasFailed())
                return;
            try
            {
                await action();
            }
            catch (Exception e) when (e is not (OperationCanceledException or LoadRestartException))
            {
                fail(e);
            }
        }
    }
}
