using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Records how a run goes. Once a run has begun, an error of the history causes only a warning: loading does not depend on the history, and the
/// ledger has what is missing here.
/// </summary>
internal sealed class RunRecorder(IRunEnvironment environment, FeedRunnerOptions options)
{
    /// <summary>Creates a run. Nothing is recorded yet.</summary>
    public RunState Create(S3Feed feed, RunOptions runOptions, IProgress<RunProgress>? progress)
    {
        var run = new S3FeedRun
        {
            Id = runOptions.RunId ?? Guid.NewGuid(),
            FeedId = feed.Id,
            FeedName = feed.Name,
            Status = RunStatus.Running,
            StartedAt = options.Time.GetUtcNow(),
            Host = Environment.MachineName,
            ProcessId = Environment.ProcessId,
            Destinations = [.. feed.DestinationNames.Select(n => new RunDestination { Name = n, Status = RunStatus.Running })],
        };
        var rejects = new RunRejects(options.History.OpenRejects(run.Id, runOptions.RejectText), options.Logger);
        var repair = new HistoryRepair(options.History, feed, options.Logger);
        return new RunState(run, feed, new RunMeter(progress, options.Time), rejects, repair, runOptions);
    }

    /// <summary>Records that the run begins.</summary>
    public async Task StartAsync(RunState state, CancellationToken cancellationToken)
    {
        await options.History.StartAsync(state.Run, cancellationToken);
        state.Repair.Begin(cancellationToken);
    }

    /// <summary>Repairs the records of dead runs, once a plan exists.</summary>
    public Task RepairHistoryAsync(RunState state, RunTarget target, CancellationToken cancellationToken)
        => TryAsync("Records of earlier runs could not be repaired", async () =>
        {
            if (!await state.Repair.HasWorkAsync(cancellationToken))
                return;
            await target.Protocol.InspectAsync(
                async session =>
                {
                    await state.Repair.RepairAsync(target.Name, session, cancellationToken);
                    return true;
                }, cancellationToken);
        });

    /// <summary>Records a commit, and the columns that the feed has now.</summary>
    public Task CommittedAsync(RunState state, S3Feed feed) => Task.WhenAll(
        TryAsync(
            "The commit landed, but the feed's definition could not be written", () => environment.SaveFeedAsync(feed, CancellationToken.None)),
        TryAsync("The commit landed, but the run's record could not be written", async () =>
        {
            var (run, warnings) = state.Describe(RunStatus.Running);
            await WriteAsync(run, warnings);
        }));

    /// <summary>The plan is done with.</summary>
    public Task PassedOverAsync(RunState state, FeedPlan plan) => TryAsync("The files that were passed over cannot be counted", () =>
    {
        state.Finished(plan);
        return Task.CompletedTask;
    });

    /// <summary>Records that the run has ended.</summary>
    public async Task<RunResult> EndAsync(RunState state, RunStatus status, Exception? error)
    {
        if (status == RunStatus.Failed && error is FeedException failed && state.Run.Commits > 0)
            error = FeedRunErrors.AfterCommits(failed, state.Run.Commits);
        await state.Rejects.EndAsync();
        await state.Repair.EndAsync();
        var (last, warnings) = state.Describe(status);
        var run = last with
        {
            EndedAt = options.Time.GetUtcNow(),
            ErrorId = (error as FeedException)?.Id ?? (error is null ? null : "Unexpected"),
            Error = error?.Message,
        };
        await TryAsync("The run has ended, but its record could not be written", () => WriteAsync(run, warnings));
        return new RunResult(run, error, state.FailedFiles) { FailedFileCount = state.FailedFileCount };
    }

    private async Task WriteAsync(S3FeedRun run, IReadOnlyList<FeedWarning> warnings)
    {
        await options.History.UpdateAsync(run, CancellationToken.None);
        if (warnings.Count > 0)
            await options.History.WriteWarningsAsync(run.Id, warnings, CancellationToken.None);
    }

    private async Task TryAsync(string trouble, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            options.Logger.LogWarning("{Trouble}: {Reason}", trouble, e.Message);
        }
    }
}
