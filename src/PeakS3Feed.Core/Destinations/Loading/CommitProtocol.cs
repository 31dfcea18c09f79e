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

    /// <summary>The run.</summary>
    public Guid RunId => _holder.RunId;

    /// <summary>Begins to open a session with the destination, which the first call of another method waits for.</summary>
    /// <param name="cancellationToken">Stops it. To be cancelled before <see cref="DisposeAsync"/>, which waits for it.</param>
    internal void BeginOpening(CancellationToken cancellationToken) => _session.BeginOpening(cancellationToken);

    /// <summary>Inspects the destination and changes nothing there. Repeated when the connection is lost.</summary>
    public Task<T> InspectAsync<T>(Func<ITableSession, Task<T>> inspect, CancellationToken cancellationToken)
        => _session.DoAsync(inspect, locks: false, inDoubt: () => false, cancellationToken);

    /// <summary>Inspects several destinations at once and changes nothing there. Repeated when a connection is lost.</summary>
    /// <param name="all">The destinations' protocols; at least one.</param>
    /// <param name="inspect">Gets a session of each, in this order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static Task<T> InspectAsync<T>(
        IReadOnlyList<CommitProtocol> all, Func<IReadOnlyList<ITableSession>, Task<T>> inspect, CancellationToken cancellationToken)
        => SessionRetry.DoAsync([.. all.Select(p => p._session)], inspect, cancellationToken);

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

    /// <summary>Does one load of one destination. Returns its record and totals, or null when there was nothing to commit.</summary>
    /// <param name="work">The load.</param>
    /// <param name="index">The destination's place in <see cref="ILoadWork.Shares"/>.</param>
    /// <param name="cancellationToken">Stops it, except for a commit that was sent.</param>
    public async Task<LoadOutcome?> LoadAsync(ILoadWork work, int index, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var attempt = CreateAttempt(work, index);
        var rows = new RowCommit(attempt, work);
        var files = new StagedFiles(work, new LoadName(_holder.RunId, work.Number), _logger);
        var staged = _destination is IStagingDestination staging ? CreateCommit(work, files, attempt, staging, index) : null;
        try
        {
            return await RunAsync(
                attempt,
                session => session switch
                {
                    IRowSession into => rows.RunAsync(into, cancellationToken),
                    IFileSession into => staged!.RunAsync(into, cancellationToken),
                    _ => throw new NotSupportedException($"{session.GetType()} takes neither rows nor files."),
                },
                cancellationToken);
        }
        finally
        {
            await files.CloseAsync();
        }
    }

    /// <summary>Takes part in a load of several destinations. The steps are <see cref="CopyAsync"/> and <see cref="CommitAsync"/>.</summary>
    internal PairedCommit Join(ILoadWork work, int index, StagedFiles files)
    {
        var attempt = CreateAttempt(work, index);
        return _destination is IStagingDestination staging
            ? CreateCommit(work, files, attempt, staging, index)
            : SpooledCommit.Join(files, attempt, index);
    }

    /// <summary>Has the engine take in the staged rows of a load. Repeated when the connection is lost.</summary>
    internal Task CopyAsync(PairedCommit commit, CancellationToken cancellationToken) => _session.DoAsync(
        async session =>
        {
            await commit.CopyAsync(session, cancellationToken);
            return true;
        },
        locks: true, inDoubt: () => false, cancellationToken);

    /// <summary>Commits the staged rows of a load. Repeated when the connection is lost, unless the commit landed.</summary>
    internal Task<LoadOutcome?> CommitAsync(PairedCommit commit, CancellationToken cancellationToken)
        => RunAsync(commit.Attempt, session => commit.CommitAsync(session, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private async Task<LoadOutcome?> RunAsync(LoadAttempt attempt, Func<ITableSession, Task<LoadOutcome?>> steps, CancellationToken cancellationToken)
    {
        try
        {
            await _session.DoAsync(steps, locks: true, inDoubt: () => attempt.IsInDoubt, cancellationToken);
        }
        catch (Exception e) when (attempt.HasLanded)
        {
            _logger.LogWarning("The load is committed. Closing it failed: {Reason}", e.Message);
            await _session.DisposeAsync();
        }
        _sequence = attempt.Sequence;
        return attempt.Outcome;
    }

    private LoadAttempt CreateAttempt(ILoadWork work, int index)
        => new(work, work.Shares[index], _target, _destination.Capabilities, _holder, (_epoch, _sequence), _observer, _logger, _time);

    private StagedCommit CreateCommit(ILoadWork work, StagedFiles files, LoadAttempt attempt, IStagingDestination staging, int index)
    {
        var share = files.Add((spec, stamp, name, ct) => staging.OpenStageAsync(attempt.Target, spec, stamp, name, ct), attempt, index);
        var direct = work.Direct is { } objects ? new DirectCopy(objects, files, share, attempt) : null;
        return new StagedCommit(files, share, attempt, _retry.MaxAttempts, direct);
    }

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
