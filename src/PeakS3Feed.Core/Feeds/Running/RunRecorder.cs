using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Writes down how a run goes. Once it has begun, trouble with that is worth a warning and no more: nothing that is loaded depends on
/// it, and what is not written here is known to the ledger.
/// </summary>
internal sealed class RunRecorder(FeedRunnerParts parts)
{
    private readonly HistoryRepair _repair = new(parts.History, parts.Logger);

    /// <summary>The run begins.</summary>
    public async Task<RunState> StartAsync(S3Feed feed, RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var run = new S3FeedRun
        {
            Id = options.RunId ?? Guid.NewGuid(),
            FeedId = feed.Id,
            FeedName = feed.Name,
            Status = RunStatus.Running,
            StartedAt = parts.Time.GetUtcNow(),
            Host = Environment.MachineName,
            ProcessId = Environment.ProcessId,
        };
        await parts.History.StartAsync(run, cancellationToken);
        var rejects = new RunRejects(parts.History.OpenRejects(run.Id, options.RejectText), parts.Logger);
        return new RunState(run, feed, new RunMeter(progress, parts.Time), rejects, options);
    }

    /// <summary>Repairs the records of dead runs, once a plan exists.</summary>
    public Task RepairHistoryAsync(S3Feed feed, CommitProtocol protocol, CancellationToken cancellationToken)
        => TryAsync("Records of earlier runs could not be repaired", () => protocol.InspectAsync(
            async session =>
            {
                await _repair.RepairAsync(feed, session, cancellationToken);
                return true;
            }, cancellationToken));

    /// <summary>A commit landed, and the feed has these columns now.</summary>
    public async Task CommittedAsync(RunState state, S3Feed feed)
    {
        await TryAsync("The commit landed, but the feed's definition could not be written", () => parts.SaveFeed(feed, CancellationToken.None));
        await TryAsync("The commit landed, but the run's record could not be written", async () =>
        {
            var (run, warnings) = state.WithWarnings();
            await WriteAsync(run, warnings);
        });
    }

    /// <summary>The plan is done with.</summary>
    public Task PassedOverAsync(RunState state, FeedPlan plan) => TryAsync("The files that were passed over cannot be counted", () =>
    {
        state.Finished(plan);
        return Task.CompletedTask;
    });

    /// <summary>The run has ended.</summary>
    public async Task<RunResult> EndAsync(RunState state, RunStatus status, Exception? error)
    {
        if (status == RunStatus.Failed && error is FeedException failed && state.Run.Commits > 0)
            error = FeedRunErrors.AfterCommits(failed, state.Run.Commits);
        await state.Rejects.EndAsync();
        var (last, warnings) = state.WithWarnings();
        var run = last with
        {
            Status = status,
            EndedAt = parts.Time.GetUtcNow(),
            ErrorId = (error as FeedException)?.Id ?? (error is null ? null : "Unexpected"),
            Error = error?.Message,
        };
        await TryAsync("The run has ended, but its record could not be written", () => WriteAsync(run, warnings));
        return new RunResult(run, error, state.FailedFiles) { FailedFileCount = state.FailedFileCount };
    }

    private async Task WriteAsync(S3FeedRun run, IReadOnlyList<FeedWarning> warnings)
    {
        await parts.History.UpdateAsync(run, CancellationToken.None);
        if (warnings.Count > 0)
            await parts.History.WriteWarningsAsync(run.Id, warnings, CancellationToken.None);
    }

    private async Task TryAsync(string trouble, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            parts.Logger.LogWarning("{Trouble}: {Reason}", trouble, e.Message);
        }
    }
}
