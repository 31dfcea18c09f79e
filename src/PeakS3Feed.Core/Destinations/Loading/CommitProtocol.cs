using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// Loads rows exactly once, whatever the destination: rows and ledger entries become visible together, under a ledger whose epoch and
/// sequence fence other runs. When a connection is lost before the commit was sent, the work is repeated; when it is lost afterwards, the
/// ledger is asked first whether the load is there. docs/architecture.md gives the reasons.
/// </summary>
public sealed class CommitProtocol : IAsyncDisposable
{
    private readonly IDestination _destination;
    private readonly SessionRetry _session;
    private readonly LoadTarget _target;
    private readonly RunHolder _holder;
    private readonly ICommitObserver? _observer;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CommitRetry _retry;
    private long _epoch;
    private long _sequence;

    /// <summary>Prepares the loads of one run.</summary>
    public CommitProtocol(
        IDestination destination, LoadTarget target, RunHolder holder, CommitRetry retry, ICommitObserver? observer, ILogger logger,
        TimeProvider time)
    {
        _destination = destination;
        _session = new SessionRetry(destination, target, retry, logger, time);
        _target = target;
        _holder = holder;
        _retry = retry;
        _observer = observer;
        _logger = logger;
        _time = time;
    }

    /// <summary>Inspects the destination and changes nothing there. Repeated when the connection is lost.</summary>
    public Task<T> InspectAsync<T>(Func<ITableSession, Task<T>> inspect, CancellationToken cancellationToken)
        => _session.DoAsync(inspect, locks: false, inDoubt: () => false, cancellationToken);

    /// <summary>
    /// Keeps other runs out, and fences those that are still in progress behind a lost connection. Returns whether the ledger is still the one
    /// that the plan was made from; from now on nobody else changes it.
    /// </summary>
    public async Task<bool> ClaimAsync(LoadMode mode, LedgerState? planned, CancellationToken cancellationToken)
    {
        var claim = await _session.DoAsync(
            session => session.ClaimAsync(_holder, mode, cancellationToken), locks: true, inDoubt: () => false, cancellationToken);
        _epoch = claim.Epoch;
        _sequence = claim.Before?.Sequence ?? 0;
        _observer?.OnStep(CommitStep.Claimed, 0);
        await CollectAsync(cancellationToken);
        return (claim.Before?.Epoch ?? 0, _sequence) == (planned?.Epoch ?? 0, planned?.Sequence ?? 0);
    }

    /// <summary>Does one load. Returns its record and totals, or null when there was nothing to commit.</summary>
    public async Task<LoadOutcome?> LoadAsync(ILoadWork work, CancellationToken cancellationToken)
    {
        var attempt = new LoadAttempt(work, _target, _destination.Capabilities, _holder, (_epoch, _sequence), _observer, _logger, _time);
        await using var staged = _destination is IStagingDestination staging ? new StagedCommit(staging, attempt, _retry.MaxAttempts) : null;
        var rows = new RowCommit(attempt);
        try
        {
            await _session.DoAsync(
                session => session switch
                {
                    IRowSession into => rows.RunAsync(into, cancellationToken),
                    IFileSession into => staged!.RunAsync(into, cancellationToken),
                    _ => throw new NotSupportedException($"{session.GetType()} takes neither rows nor files."),
                },
                locks: true, inDoubt: () => attempt.IsInDoubt, cancellationToken);
        }
        catch (Exception e) when (attempt.HasLanded)
        {
            _logger.LogWarning("The load is committed. Closing it failed: {Reason}", e.Message);
            await _session.DisposeAsync();
        }
        _sequence = attempt.Sequence;
        return attempt.Outcome;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    // Files that are no longer needed cost money, not rows.
    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        if (_destination is not IStagingDestination staging)
            return;
        try
        {
            await staging.CollectAsync(_target, _holder.RunId, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _logger.LogWarning("Files that earlier runs left on the stage could not be deleted: {Reason}", e.Message);
        }
    }
}
