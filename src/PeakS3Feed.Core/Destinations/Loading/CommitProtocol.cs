using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// Loads rows exactly once, whatever the destination: rows and ledger entries are committed together, under a lock row whose epoch
/// fences older runs. A lost connection before COMMIT means the work is done again; one after COMMIT was sent means the ledger is
/// asked first, under the lock. docs/architecture.md has the protocol's reasoning.
/// </summary>
public sealed class CommitProtocol : IAsyncDisposable
{
    private readonly RetryingSession _session;
    private readonly LoadTarget _target;
    private readonly RunHolder _holder;
    private readonly ICommitObserver? _observer;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private long _epoch;

    /// <summary>Prepares the loads of one run.</summary>
    public CommitProtocol(
        IDestination destination, LoadTarget target, RunHolder holder, CommitRetry retry, ICommitObserver? observer, ILogger logger, TimeProvider time)
    {
        _session = new RetryingSession(destination, target, retry, logger, time);
        _target = target;
        _holder = holder;
        _observer = observer;
        _logger = logger;
        _time = time;
    }

    /// <summary>Looks at the destination and changes nothing there; done again when the connection is lost.</summary>
    public Task<T> LookAsync<T>(Func<IDestinationSession, Task<T>> look, CancellationToken cancellationToken)
        => _session.DoAsync(look, hold: false, inDoubt: () => false, cancellationToken);

    /// <summary>Keeps other runs out, and fences those that are still under way behind a lost connection. Gives the ledger's state, which nobody else changes from now on.</summary>
    public async Task<LedgerState> StartAsync(LoadMode mode, CancellationToken cancellationToken)
    {
        var state = await _session.DoAsync(
            session => session.ClaimAsync(_holder, mode.ToString(), cancellationToken), hold: true, inDoubt: () => false, cancellationToken);
        _epoch = state.Epoch;
        _observer?.OnStep(CommitStep.Claimed, 0);
        return state;
    }

    /// <summary>Does one load. Gives its record and totals, or null when there was nothing to commit.</summary>
    public Task<LoadOutcome?> LoadAsync(ILoadWork work, CancellationToken cancellationToken)
    {
        var load = new LoadSteps(work, _target, _holder, _epoch, _observer, _logger, _time);
        return _session.DoAsync(session => load.RunAsync(session, cancellationToken), hold: true, inDoubt: () => load.IsInDoubt, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
