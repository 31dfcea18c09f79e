using System.Runtime.ExceptionServices;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What changes while a feed runs.</summary>
internal sealed class RunState(S3FeedRun run, S3Feed feed, RunMeter meter, RunRejects rejects, RunOptions options)
{
    private RunStatus? _nothing;
    private bool _allLoadsDone;

    public S3FeedRun Run { get; private set; } = run;

    public S3Feed Feed { get; } = feed;

    public RunMeter Meter { get; } = meter;

    public RunRejects Rejects { get; } = rejects;

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

    /// <summary>The plan is done with: what its loads passed over is kept.</summary>
    public void Finished(FeedPlan plan)
    {
        var (_, others) = plan.File.CountSkippedByLoads();
        LeftOut(plan);
        Run = Run with { ObjectsSkipped = plan.ObjectsSkipped + others };
    }

    /// <summary>A load is over, or the plan: the files that were left out so far are warnings of the run.</summary>
    public void LeftOut(FeedPlan plan)
    {
        var (bad, _) = plan.File.CountSkippedByLoads();
        if (bad == FailedFileCount)
            return;
        FailedFileCount = bad;
        FailedFiles = [.. plan.File.BadFiles().Take(RunResult.MostFailedFiles)];
        Warnings.LeftOut(plan.File.BadFiles());
    }

    /// <summary>The last attempt at a commit, whether it landed or not.</summary>
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
            Destinations = [.. Targets.Select(t => t.Describe(status, _allLoadsDone))],
        }, kept);
    }

    /// <summary>A load was committed, to one destination or more.</summary>
    /// <param name="commits">In how many of them.</param>
    /// <param name="totals">What it brought; each row once.</param>
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

    /// <summary>Every load of the plan is done. Throws the failure of a destination, which the next run catches up with.</summary>
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
