using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>A destination of a run, and how it stands.</summary>
/// <param name="name">The destination's name.</param>
/// <param name="isAlone">Whether it is the feed's only one: then a failure ends the run where it happens.</param>
internal sealed class RunTarget(string name, bool isAlone) : IAsyncDisposable
{
    private IDestination? _destination;
    private CommitProtocol? _protocol;
    private bool _isUpToDate;
    private RunDestination _record = new() { Name = name, Status = RunStatus.Running };

    public string Name => name;

    public IDestination Destination => _destination!;

    public CommitProtocol Protocol => _protocol!;

    /// <summary>Whether there is something to load into it, and nothing has failed.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether the run has claimed the feed there.</summary>
    public bool IsClaimed { get; private set; }

    /// <summary>Why the run loads no more into it, or null. The next run catches up.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Uses the destination from now on.</summary>
    public void Open(IDestination destination, LoadTarget target, RunHolder holder, FeedRunnerOptions options)
    {
        _destination = destination;
        _protocol = new CommitProtocol(destination, target, holder, options.Retry, options.Observer, options.Logger, options.Time);
    }

    /// <summary>The destination has a plan.</summary>
    public void Planned(DestinationPlan plan)
    {
        _record = _record with { ObjectsPlanned = plan.ObjectsToLoad };
        _isUpToDate = plan.IsNothingToDo;
        IsActive = !plan.IsNothingToDo;
        if (plan.Obstacle is { } obstacle)
            Fail(obstacle);
    }

    /// <summary>Claims the feed. Returns whether the ledger is still the one that the plan was made from.</summary>
    public async Task<bool> ClaimAsync(LoadMode mode, LedgerState? planned, CancellationToken cancellationToken)
    {
        var isSame = await Protocol.ClaimAsync(mode, planned, cancellationToken);
        IsClaimed = true;
        return isSame;
    }

    /// <summary>A load was committed.</summary>
    public void Committed(LoadRecord load) => _record = _record with
    {
        Commits = _record.Commits + 1,
        ObjectsLoaded = _record.ObjectsLoaded + load.Objects,
        RowsLoaded = _record.RowsLoaded + load.Rows,
    };

    /// <summary>Nothing more is loaded into the destination.</summary>
    public void Fail(Exception failure)
    {
        Failure ??= failure;
        IsActive = false;
    }

    /// <summary>Does something with the destination, unless it has failed. Of two destinations, an error is the destination's own.</summary>
    public async Task TryAsync(Func<Task> action)
    {
        if (Failure is not null)
            return;
        try
        {
            await action();
        }
        catch (Exception e) when (!isAlone && e is not OperationCanceledException)
        {
            Fail(e);
        }
    }

    /// <summary>How the destination stands in the run's record.</summary>
    /// <param name="run">The status of the run.</param>
    /// <param name="allLoadsDone">Whether the run did every load of its plan, so that it can only have failed because of the other
    /// destination.</param>
    public RunDestination Describe(RunStatus run, bool allLoadsDone) => _record with
    {
        Status = Failure is not null ? RunStatus.Failed
            : run is RunStatus.Running or RunStatus.Canceled or RunStatus.NothingMatched || isAlone ? run
            : _isUpToDate ? RunStatus.NothingToDo
            : run == RunStatus.Failed && allLoadsDone ? RunStatus.Succeeded
            : run,
        ErrorId = Failure is null ? null : (Failure as FeedException)?.Id ?? "Unexpected",
        Error = Failure?.Message,
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_protocol is not null)
            await _protocol.DisposeAsync();
        if (_destination is not null)
            await _destination.DisposeAsync();
    }
}
