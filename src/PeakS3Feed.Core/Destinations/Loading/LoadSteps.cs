using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The steps of one load, from BEGIN to COMMIT. They are taken again, from the first, when the connection was lost on the way.</summary>
internal sealed class LoadSteps(
    ILoadWork work, LoadTarget target, RunHolder holder, long epoch, ICommitObserver? observer, ILogger logger, TimeProvider time)
{
    private (string Id, LoadTotals Totals)? _sent;

    /// <summary>Whether a COMMIT was sent of which it is unknown whether it landed.</summary>
    public bool IsInDoubt => _sent is not null;

    /// <summary>Takes the steps, unless an earlier attempt turns out to have landed. Gives null when there was nothing to commit.</summary>
    public async Task<LoadOutcome?> RunAsync(IDestinationSession session, CancellationToken cancellationToken)
    {
        var stamp = new LoadStamp(holder.RunId, Microseconds(time.GetUtcNow()));
        if (_sent is { } sent)
        {
            var landed = await FindAsync(session, stamp, sent.Id, cancellationToken);
            _sent = null;
            if (landed is not null)
            {
                logger.LogInformation("The commit whose answer was lost had landed: load {Sequence}, rows: {Rows}.", landed.Sequence, landed.Rows);
                return new LoadOutcome(landed, sent.Totals);
            }
        }
        if (session.Capabilities.Shape != LoadShape.StagedFiles)
            return await LoadRowsAsync(session, stamp, cancellationToken);

        await using var staged = await session.StageAsync(work.Spec, stamp, cancellationToken);
        var totals = await work.WriteAsync(staged, cancellationToken);
        await staged.CompleteAsync(cancellationToken);
        observer?.OnStep(CommitStep.Staged, 0);
        return await LoadAsync(session, stamp, (staged, totals), cancellationToken);
    }

    private async Task<LoadOutcome?> LoadRowsAsync(IDestinationSession session, LoadStamp stamp, CancellationToken cancellationToken)
    {
        try
        {
            return await LoadAsync(session, stamp, null, cancellationToken);
        }
        catch (Exception e) when (!work.Spec.FindRefusedRows && !IsInDoubt && session.IsRowRefused(e))
        {
            work.FindRefusedRows();
            throw LoadRestartException.ToFindRefusedRow(e);
        }
    }

    private async Task<LoadOutcome?> LoadAsync(
        IDestinationSession session, LoadStamp stamp, (IRowWriter Writer, LoadTotals Totals)? staged, CancellationToken cancellationToken)
    {
        await using var transaction = await session.BeginAsync(work.Spec, stamp, cancellationToken);
        observer?.OnStep(CommitStep.Began, 0);
        var state = await transaction.LockAsync(cancellationToken);
        var sequence = state.Sequence + 1;
        observer?.OnStep(CommitStep.Locked, sequence);
        if (state.Epoch > epoch)
            throw DestinationErrors.Fenced(target, state.Holder);
        observer?.OnStep(CommitStep.Checked, sequence);

        var table = await transaction.InspectAsync(cancellationToken);
        var spec = staged is { } files ? work.Spec with { Schema = files.Totals.Schema } : work.Spec;
        var changes = TableChanges.Find(table, spec, target, session.Dialect, work.AdoptTable);
        await transaction.PrepareAsync(changes, cancellationToken);
        observer?.OnStep(CommitStep.Prepared, sequence);
        var adopted = changes.OfType<TakeOverLedger>().FirstOrDefault();
        sequence = adopted is null ? sequence : adopted.Takeover.Sequence + 1;
        var assumes = work.AssumedObjectCount > 0 && table.Ledger is not { HasLoaded: true };
        if (assumes)
            await RecordAssumedAsync(transaction, sequence++, stamp, spec.Schema, cancellationToken);
        if (spec.DeleteEarlierVersions)
        {
            var deleted = await transaction.DeleteEarlierVersionsAsync(work.ChangedObjects(), cancellationToken);
            logger.LogInformation("Rows of earlier versions deleted: {Rows}.", deleted);
            observer?.OnStep(CommitStep.EarlierDeleted, sequence);
        }

        var totals = await WriteAsync(transaction, staged, sequence, cancellationToken);
        observer?.OnStep(CommitStep.Written, sequence);
        if (totals.Objects == 0 && spec.Mode != LoadMode.Replace)
        {
            // What the feed takes over is its own from now on, also while nothing new is there.
            if (adopted is not null || assumes)
                await transaction.CommitAsync();
            return null;
        }
        // No row has proved a type yet: a table of columns that are text for want of values would refuse what comes. The objects stay to be loaded.
        if (totals.Rows == 0 && !state.HasLoaded && adopted is null && !assumes && (spec.Mode != LoadMode.Replace || !table.HasRows))
            return null;
        if (totals.Rows == 0 && spec.Mode == LoadMode.Replace && table.HasRows && !work.AllowEmpty)
            throw totals.Rejects > 0 ? DestinationErrors.OnlyRejects(target, totals.Rejects) : DestinationErrors.WouldEmptyTable(target);

        await transaction.ApplyAsync(totals.Schema, cancellationToken);
        observer?.OnStep(CommitStep.Applied, sequence);
        var id = await LoadId.ComputeAsync(target, sequence, work.WrittenObjects(), cancellationToken);
        var record = new LoadRecord(id, sequence, holder.RunId, spec.Mode, totals.Rows, totals.Objects, totals.Bytes, stamp.At);
        await transaction.RecordAsync(record, totals.Schema, work.Signature, work.WrittenObjects(), cancellationToken);
        observer?.OnStep(CommitStep.Recorded, sequence);

        cancellationToken.ThrowIfCancellationRequested();
        await CommitAsync(session, transaction, record, totals);
        observer?.OnStep(CommitStep.Committed, sequence);
        return new LoadOutcome(record, totals);
    }

    // A load of its own, without rows: those that are there are nobody's who could be found again.
    private async Task RecordAssumedAsync(ILoadTransaction transaction, long sequence, LoadStamp stamp, FeedSchema schema, CancellationToken cancellationToken)
    {
        var id = await LoadId.ComputeAsync(target, sequence, work.AssumedObjects(), cancellationToken);
        var record = new LoadRecord(id, sequence, Guid.Empty, LoadMode.Append, Rows: 0, work.AssumedObjectCount, Bytes: 0, stamp.At);
        await transaction.RecordAssumedAsync(record, schema, work.AssumedObjects(), cancellationToken);
    }

    private async Task<LoadTotals> WriteAsync(
        ILoadTransaction transaction, (IRowWriter Writer, LoadTotals Totals)? staged, long sequence, CancellationToken cancellationToken)
    {
        LoadTotals totals;
        long taken;
        if (staged is { } files)
        {
            totals = files.Totals;
            taken = await transaction.CopyStagedAsync(files.Writer, cancellationToken);
        }
        else
        {
            await using var writer = await transaction.OpenWriterAsync(cancellationToken);
            totals = await work.WriteAsync(new ObservedWriter(writer, observer, sequence), cancellationToken);
            taken = await writer.CompleteAsync(cancellationToken);
        }
        return taken == totals.Rows ? totals : throw DestinationErrors.RowCountDiffers(target, totals.Rows, taken);
    }

    private async Task CommitAsync(IDestinationSession session, ILoadTransaction transaction, LoadRecord record, LoadTotals totals)
    {
        _sent = (record.LoadId, totals);
        observer?.OnStep(CommitStep.Committing, record.Sequence);
        try
        {
            await transaction.CommitAsync();
        }
        catch (Exception e) when (session.IsCommitRefused(e))
        {
            _sent = null;
            throw;
        }
        _sent = null;
    }

    // Under the lock row, so that a server that is still at our COMMIT is waited for. A newer run that did the same work has the same
    // load id: then it is that run's load, and the epoch stops us.
    private async Task<LoadRecord?> FindAsync(IDestinationSession session, LoadStamp stamp, string loadId, CancellationToken cancellationToken)
    {
        await using var transaction = await session.BeginAsync(work.Spec, stamp, cancellationToken);
        await transaction.LockAsync(cancellationToken);
        return await transaction.FindLoadAsync(loadId, cancellationToken) is { } load && load.RunId == holder.RunId ? load : null;
    }

    private static DateTimeOffset Microseconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond), time.Offset);
}
