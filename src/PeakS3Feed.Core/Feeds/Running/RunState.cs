using System.Runtime.ExceptionServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What changes while a feed runs.</summary>
internal sealed class RunState(S3FeedRun run, S3Feed feed, RunMeter meter, RunRejects rejects, HistoryRepair repair, RunOptions options)
{
    private RunStatus? _nothing;
    private bool _allLoadsDone;

    public S3FeedRun Run { get; private set; } = run;

    public S3Feed Feed { get; } = feed;

    public RunMeter Meter { get; } = meter;

    public RunRejects Rejects { get; } = rejects;

    public HistoryRepair Repair { get; } = repair;

    public RunOptions Options { get; } = options;

    public RunWarnings Warnings { get; } = new(feed.Name);

    /// <summary>The feed's destinations.</summary>
    public IReadOnlyList<RunTarget> Targets { get; } = [.. feed.DestinationNames.Select(n => new RunTarget(n, feed.DestinationNames.Count == 1))];

    public IReadOnlyList<SkippedObject> FailedFiles { get; private set; } = [];

    public long FailedFileCount { get; private set; }

    public void Planned(FeedPlan plan)
    {
        Warnings.Planned(plan.Warnings);
        _nothing = !plan.IsNothingToDo ? null : plan.MatchesNothing ? RunStatus.NothingMatched : RunStatus.NothingToDo;
        Meter.ObjectsTotal = plan.ObjectsToLoad;
        Meter.BytesTotal = plan.BytesToLoad;
        Run = Run with { ObjectsPlanned = plan.ObjectsToLoad, ObjectsSkipped = plan.ObjectsSkipped };
    }

    /// <summary>Ends the plan, and keeps a record of what its loads skipped.</summary>
    public void Finished(FeedPlan plan)
    {
        var (_, others) = plan.File.CountSkippedByLoads();
        LeftOut(plan);
        Run = Run with { ObjectsSkipped = plan.ObjectsSkipped + others };
    }

    /// <summary>Ends a load or the plan: the files that were skipped so far become warnings of the run.</summary>
    public void LeftOut(FeedPlan plan)
    {
        var (bad, _) = plan.File.CountSkippedByLoads();
        if (bad == FailedFileCount)
            return;
        FailedFileCount = bad;
        FailedFiles = [.. plan.File.BadFiles().Take(RunResult.MostFailedFiles)];
        Warnings.LeftOut(plan.File.BadFiles());
    }

    /// <summary>The last attempt at a commit, whether it succeeded or not.</summary>
    public void Attempted(LoadTally tally)
    {
        Warnings.EndLoad();
        Run = Run with
        {
            RowsRead = Run.RowsRead + tally.RowsRead,
            RowsRejected = Run.RowsRejected + tally.Rejects,
            ObjectsFailed = Run.ObjectsFailed + tally.Failed,
        };
    }

    /// <summary>The run as it would be recorded with a status now, and all warnings that are kept.</summary>
    public (S3FeedRun Run, IReadOnlyList<FeedWarning> Warnings) Describe(RunStatus status)
    {
        var (kept, total) = Warnings.All();
        return (Run with
        {
            Status = status,
            WarningCount = total,
            Warnings = [.. kept.Take(S3FeedRun.MaxListedWarnings)],
            Destinations = [.. Targets.Select(t => t.Describe(status, _allLoadsDone, Run.ObjectsFailed > 0))],
        }, kept);
    }

    /// <summary>Records that a load was committed to one or more destinations.</summary>
    /// <param name="commits">The number of these destinations.</param>
    /// <param name="totals">What was loaded. Each row counts once.</param>
    public void Committed(int commits, (long Rows, long Objects, long Bytes) totals) => Run = Run with
    {
        Commits = Run.Commits + commits,
        RowsLoaded = Run.RowsLoaded + totals.Rows,
        ObjectsLoaded = Run.ObjectsLoaded + totals.Objects,
        BytesRead = Run.BytesRead + totals.Bytes,
    };

    /// <summary>Throws when no destination can be loaded.</summary>
    public void ThrowIfAllFailed()
    {
        if (Targets.All(t => t.Failure is not null))
            ThrowIfBehind();
    }

    /// <summary>Ends loading, after every load of the plan. Throws the failure of a destination. The next run loads what it lacks.</summary>
    public void Loaded()
    {
        _allLoadsDone = true;
        ThrowIfBehind();
    }

    private void ThrowIfBehind()
    {
        if (Targets.FirstOrDefault(t => t.Failure is not null) is not { Failure: { } failure } behind)
            return;
        if (failure is FeedException error)
            throw FeedRunErrors.DestinationBehind(error, behind.Name, [.. Targets.Where(t => t.Failure is null).Select(t => t.Name)]);
        ExceptionDispatchInfo.Throw(failure);
    }

    public RunStatus Outcome() => _nothing is { } nothing ? nothing
        : Run.RowsRejected > 0 || Run.ObjectsFailed > 0 ? RunStatus.SucceededWithRejects
        : RunStatus.Succeeded;
}

/// <summary>A destination of a run, and its state.</summary>
/// <param name="name">The destination's name.</param>
/// <param name="isAlone">Whether it is the feed's only destination. Then its failure ends the run immediately.</param>
internal sealed class RunTarget(string name, bool isAlone) : IAsyncDisposable
{
    private IDestination? _destination;
    private CommitProtocol? _protocol;
    private bool _isUpToDate;
    private RunDestination _record = new() { Name = name, Status = RunStatus.Running };

    public string Name => name;

    public IDestination Destination => _destination!;

    public CommitProtocol Protocol => _protocol!;

    /// <summary>Whether there is something to load into the destination, and it has not failed.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether the run has claimed the feed there.</summary>
    public bool IsClaimed { get; private set; }

    /// <summary>Why the run loads no more into it, or null. The next run catches up.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Uses the destination from now on, and begins to open a session with it.</summary>
    public void Open(
        IDestination destination, LoadTarget target, RunHolder holder, FeedRunnerOptions options, CancellationToken cancellationToken)
    {
        _destination = destination;
        _protocol = new CommitProtocol(destination, target, holder, options.Retry, options.Observer, options.Logger, options.Time);
        _protocol.BeginOpening(cancellationToken);
    }

    /// <summary>The destination has a plan.</summary>
    public void Planned(DestinationPlan plan)
    {
        _record = _record with { ObjectsPlanned = plan.ObjectsToLoad, LoadPath = plan.IsNothingToDo ? null : plan.LoadPath?.ToString() };
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

    /// <summary>Objects that the destination was to load itself were staged.</summary>
    public void Staged(LoadPathReason reason) => _record = _record with { LoadPath = new LoadPathChoice(LoadPath.Staged, [reason]).ToString() };

    /// <summary>A load was attempted, whether it succeeded or not.</summary>
    /// <param name="rejects">The rejected rows of the objects that the destination needed.</param>
    public void Attempted(long rejects) => _record = _record with { RowsRejected = _record.RowsRejected + rejects };

    /// <summary>Nothing more is loaded into the destination.</summary>
    public void Fail(Exception failure)
    {
        Failure ??= failure;
        IsActive = false;
    }

    /// <summary>Does something with the destination, unless it has failed. If the feed has two, an error affects only this destination.</summary>
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

    /// <summary>Returns the state of the destination for the run's record.</summary>
    /// <param name="run">The status of the run.</param>
    /// <param name="allLoadsDone">Whether the run did every load of its plan, so that it can only have failed because of the other
    /// destination.</param>
    /// <param name="hasSkippedFiles">Whether the run skipped bad files.</param>
    public RunDestination Describe(RunStatus run, bool allLoadsDone, bool hasSkippedFiles) => _record with
    {
        Status = Failure is not null ? RunStatus.Failed
            : run is RunStatus.Running or RunStatus.Canceled or RunStatus.NothingMatched || isAlone ? run
            : _isUpToDate ? RunStatus.NothingToDo
            : run == RunStatus.Failed && allLoadsDone ? RunStatus.Succeeded
            : run == RunStatus.SucceededWithRejects && !hasSkippedFiles && _record.RowsRejected == 0 ? RunStatus.Succeeded
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
