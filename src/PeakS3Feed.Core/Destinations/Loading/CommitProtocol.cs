using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// Loads rows exactly once, whatever the destination: rows and ledger entries are committed together, under a lock row whose epoch
/// fences older runs. A lost connection before COMMIT means the work is done again; one after COMMIT was sent means the ledger is
/// asked first, under the lock. docs/architecture.md has the protocol's reasoning.
/// </summary>
public sealed class CommitProtocol : IAsyncDisposable
{
    private readonly IDestination _destination;
    private readonly LoadTarget _target;
    private readonly RunHolder _holder;
    private readonly CommitRetry _retry;
    private readonly ICommitObserver? _observer;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private IDestinationSession? _session;
    private long _epoch;
    private (string Id, LoadTotals Totals)? _doubtful;
    private bool _held;

    /// <summary>Prepares the loads of one run.</summary>
    public CommitProtocol(
        IDestination destination, LoadTarget target, RunHolder holder, CommitRetry retry, ICommitObserver? observer, ILogger logger, TimeProvider time)
    {
        _destination = destination;
        _target = target;
        _holder = holder;
        _retry = retry;
        _observer = observer;
        _logger = logger;
        _time = time;
    }

    /// <summary>Keeps other runs out, and fences those that are still under way behind a lost connection. Gives the ledger's state, which nobody else changes from now on.</summary>
    public Task<LedgerState> StartAsync(LoadMode mode, CancellationToken cancellationToken)
        => RetryAsync(async () =>
        {
            var session = await SessionAsync(cancellationToken);
            var state = await session.ClaimAsync(_holder, mode.ToString(), cancellationToken);
            _epoch = state.Epoch;
            _observer?.OnStep(CommitStep.Claimed, 0);
            return state;
        }, cancellationToken);

    /// <summary>Does one load. Gives its record and totals, or null when there was nothing to commit.</summary>
    public async Task<LoadOutcome?> LoadAsync(ILoadWork work, CancellationToken cancellationToken)
    {
        _doubtful = null;
        return await RetryAsync(() => AttemptAsync(work, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private async Task<LoadOutcome?> AttemptAsync(ILoadWork work, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(cancellationToken);
        var stamp = new LoadStamp(_holder.RunId, Microseconds(_time.GetUtcNow()));
        if (_doubtful is { } doubtful)
        {
            if (await FindAsync(session, work, stamp, doubtful.Id, cancellationToken) is { } done)
            {
                _logger.LogInformation("The commit whose answer was lost had landed: load {Sequence} of {Rows} rows.", done.Sequence, done.Rows);
                _doubtful = null;
                return new LoadOutcome(done, doubtful.Totals);
            }
            _doubtful = null;
        }

        IRowWriter? staged = null;
        LoadTotals? totals = null;
        try
        {
            if (session.Capabilities.Shape == LoadShape.StagedFiles)
            {
                staged = await session.StageAsync(work.Spec, stamp, cancellationToken);
                totals = await work.WriteAsync(staged, cancellationToken);
                await staged.CompleteAsync(cancellationToken);
                _observer?.OnStep(CommitStep.Staged, 0);
            }

            await using var transaction = await session.BeginAsync(work.Spec, stamp, cancellationToken);
            _observer?.OnStep(CommitStep.Began, 0);
            var state = await transaction.LockAsync(cancellationToken);
            var sequence = state.Sequence + 1;
            _observer?.OnStep(CommitStep.Locked, sequence);
            if (state.Epoch > _epoch)
                throw DestinationErrors.Fenced(_target, state.Holder);
            _observer?.OnStep(CommitStep.Checked, sequence);

            var table = await session.InspectAsync(cancellationToken);
            var spec = totals is null ? work.Spec : work.Spec with { Schema = totals.Schema };
            await transaction.PrepareAsync(TableChanges.Find(table, spec, _target, session.Dialect, work.AdoptTable), cancellationToken);
            _observer?.OnStep(CommitStep.Prepared, sequence);
            if (work.Spec.DeleteEarlierVersions)
            {
                var deleted = await transaction.DeleteEarlierVersionsAsync(work.ChangedObjects(), cancellationToken);
                _logger.LogInformation("Deleted {Rows} rows of earlier versions.", deleted);
                _observer?.OnStep(CommitStep.EarlierDeleted, sequence);
            }

            long taken;
            if (staged is not null)
            {
                taken = await transaction.CopyStagedAsync(staged, cancellationToken);
            }
            else
            {
                await using var writer = await transaction.OpenWriterAsync(cancellationToken);
                totals = await work.WriteAsync(new ObservedWriter(writer, _observer, sequence), cancellationToken);
                taken = await writer.CompleteAsync(cancellationToken);
            }
            if (taken != totals!.Rows)
                throw DestinationErrors.RowCountDiffers(_target, totals.Rows, taken);
            _observer?.OnStep(CommitStep.Written, sequence);
            if (totals.Objects == 0 && work.Spec.Mode != LoadMode.Replace)
                return null;
            if (totals.Rows == 0 && work.Spec.Mode == LoadMode.Replace && table.HasRows && !work.AllowEmpty)
                throw DestinationErrors.WouldEmptyTable(_target);

            await transaction.ApplyAsync(totals.Schema, cancellationToken);
            _observer?.OnStep(CommitStep.Applied, sequence);
            var id = await LoadId.ComputeAsync(_target, sequence, work.WrittenObjects(), cancellationToken);
            var record = new LoadRecord(id, sequence, _holder.RunId, work.Spec.Mode, totals.Rows, totals.Objects, totals.Bytes, stamp.At);
            await transaction.RecordAsync(record, totals.Schema, work.Signature, work.WrittenObjects(), cancellationToken);
            _observer?.OnStep(CommitStep.Recorded, sequence);

            cancellationToken.ThrowIfCancellationRequested();
            _doubtful = (id, totals);
            _observer?.OnStep(CommitStep.Committing, sequence);
            try
            {
                await transaction.CommitAsync();
            }
            catch (Exception e) when (session.IsCommitRefused(e))
            {
                _doubtful = null;
                throw;
            }
            _doubtful = null;
            _observer?.OnStep(CommitStep.Committed, sequence);
            return new LoadOutcome(record, totals);
        }
        finally
        {
            if (staged is not null)
                await staged.DisposeAsync();
        }
    }

    // Under the lock row, so that a server that is still at our COMMIT is waited for. A newer run that did the same work has the same
    // load id: then it is that run's load, and the epoch stops us.
    private async Task<LoadRecord?> FindAsync(IDestinationSession session, ILoadWork work, LoadStamp stamp, string loadId, CancellationToken cancellationToken)
    {
        await using var transaction = await session.BeginAsync(work.Spec, stamp, cancellationToken);
        await transaction.LockAsync(cancellationToken);
        return await transaction.FindLoadAsync(loadId, cancellationToken) is { } load && load.RunId == _holder.RunId ? load : null;
    }

    private async Task<T> RetryAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action();
            }
            catch (LoadRestartException e)
            {
                // The destination did nothing wrong: its attempts are for lost connections. The plan has less to change each time.
                _logger.LogInformation("{Reason}", e.Message);
                attempt--;
            }
            catch (Exception e) when (attempt < _retry.MaxAttempts && MayRetry(e) && !cancellationToken.IsCancellationRequested)
            {
                var delay = _retry.DelayBefore(attempt + 1);
                _logger.LogWarning("{Reason} Trying again in {Delay}.", e.Message, delay);
                await CloseAsync();
                await PauseAsync(delay, cancellationToken);
            }
            catch (Exception e) when (_doubtful is not null && e is not FeedException { Id: "RunOvertaken" })
            {
                throw DestinationErrors.OutcomeUnknown(_target, e);
            }
            catch (Exception e) when (e is not (FeedException or OperationCanceledException))
            {
                var translated = _session?.Translate(e) ?? e;
                if (cancellationToken.IsCancellationRequested)
                    throw new OperationCanceledException(translated.Message, e, cancellationToken);
                if (ReferenceEquals(translated, e))
                    throw;
                throw translated;
            }
        }
    }

    // Whoever cancels while it is unknown whether a COMMIT landed is told so, not that the run was simply stopped.
    private async Task PauseAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
        }
        catch (OperationCanceledException e) when (_doubtful is not null)
        {
            throw DestinationErrors.OutcomeUnknown(_target, e);
        }
    }

    // A COMMIT whose answer was lost must be asked about, whatever the reason. And after a lost connection the server may hold our
    // own run lock for a moment longer.
    private bool MayRetry(Exception exception)
        => (_doubtful is not null && exception is not FeedException { Id: "RunOvertaken" } and not OperationCanceledException)
            || (_epoch > 0 && exception is FeedException { Id: "FeedAlreadyRunning" })
            || (_session?.IsTransient(exception) ?? exception is FeedException { Id: "DestinationUnreachable" } && _epoch > 0);

    private async Task<IDestinationSession> SessionAsync(CancellationToken cancellationToken)
    {
        _session ??= await _destination.OpenAsync(_target, cancellationToken);
        if (!_held)
            await _session.HoldAsync(cancellationToken);
        _held = true;
        return _session;
    }

    private async ValueTask CloseAsync()
    {
        if (_session is not { } session)
            return;
        (_session, _held) = (null, false);
        try
        {
            await session.DisposeAsync();
        }
        catch (Exception e)
        {
            _logger.LogDebug(e, "Closing a session failed.");
        }
    }

    private static DateTimeOffset Microseconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond), time.Offset);
}
