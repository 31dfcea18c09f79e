using Microsoft.Extensions.Logging;
using PeakS3Feed.Rows;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The steps of a load whose rows go into a transaction. An attempt takes them from the first.</summary>
/// <param name="attempt">The load, through all its attempts.</param>
/// <param name="rows">The load's rows: of its objects, or of a stage.</param>
internal sealed class RowCommit(LoadAttempt attempt, ILoadRows rows)
{
    /// <summary>Loads the rows, unless an earlier attempt has landed. Returns null when there was nothing to commit.</summary>
    public Task<LoadOutcome?> RunAsync(IRowSession session, CancellationToken cancellationToken)
        => attempt.RunAsync(session, () => LoadAsync(session, cancellationToken), cancellationToken);

    private async Task LoadAsync(IRowSession session, CancellationToken cancellationToken)
    {
        try
        {
            await CommitAsync(session, cancellationToken);
        }
        catch (Exception e) when (!attempt.HasLanded && !rows.Spec.FindRefusedRows && session.Classify(e) == FaultKind.RowRefused)
        {
            attempt.Refused();
            rows.FindRefusedRows();
            throw LoadRestartException.ToFindRefusedRow(e);
        }
    }

    private async Task CommitAsync(IRowSession session, CancellationToken cancellationToken)
    {
        var order = attempt.Order(rows.Spec, attempt.CreateStamp());
        await using var load = await session.BeginAsync(order, cancellationToken);
        attempt.ThrowIfOvertaken(load.Table);
        attempt.Report(CommitStep.Checked);

        var preparation = await attempt.PrepareAsync(load.Table, order, session.Types, cancellationToken);
        var deleted = await load.PrepareAsync(preparation, cancellationToken);
        if (preparation.Changed is not null)
            attempt.Logger.LogInformation("Rows of earlier versions deleted: {Rows}.", deleted);

        LoadTotals totals;
        await using (var sink = await load.OpenSinkAsync(cancellationToken))
        {
            totals = await rows.WriteAsync(new FirstRows(sink, attempt), cancellationToken);
            var taken = await load.CompleteAsync(cancellationToken);
            if (taken != totals.Rows)
                throw CommitErrors.RowCountDiffers(attempt.Target, totals.Rows, taken);
        }
        attempt.Report(CommitStep.Written);

        if (await attempt.DecideAsync(load.Table, order, preparation, totals, cancellationToken) is not { } commit)
            return;
        await load.CommitAsync(commit, cancellationToken);
        attempt.Committed(commit);
    }

    /// <summary>Reports the first rows that are written.</summary>
    private sealed class FirstRows(IRowSink inner, LoadAttempt attempt) : IRowSink
    {
        private bool _reported;

        public Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
            => inner.BeginObjectAsync(source, ordinal, undoable, cancellationToken);

        public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
        {
            var refused = await inner.WriteAsync(batch, cancellationToken);
            if (_reported || batch.Count == 0)
                return refused;
            _reported = true;
            attempt.Report(CommitStep.Writing);
            return refused;
        }

        public Task EndObjectAsync(CancellationToken cancellationToken) => inner.EndObjectAsync(cancellationToken);

        public Task UndoObjectAsync(CancellationToken cancellationToken) => inner.UndoObjectAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
