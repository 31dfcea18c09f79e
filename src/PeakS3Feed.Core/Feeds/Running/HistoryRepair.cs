using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Repairs the records of runs whose process died after a commit and before it could write the history: the ledger has the loads.</summary>
internal sealed class HistoryRepair(RunHistory history, ILogger logger)
{
    private const int MaxRuns = 1000;

    /// <summary>
    /// Repairs the records of a feed. Call it after planning, because the server may have finished the dead process's last COMMIT only
    /// meanwhile. Looks back to the last successful run, because a run that should have repaired the history may have died, too.
    /// </summary>
    public async Task RepairAsync(S3Feed feed, ITableSession session, CancellationToken cancellationToken)
    {
        var ended = new RunFilter { FeedId = feed.Id, Statuses = [.. Enum.GetValues<RunStatus>().Where(s => s != RunStatus.Running)], Last = MaxRuns };
        await foreach (var run in history.ListAsync(ended, cancellationToken))
        {
            if (run.Status is RunStatus.Succeeded or RunStatus.NothingToDo or RunStatus.NothingMatched or RunStatus.SucceededWithRejects)
                return;
            if (run.ErrorId == RunErrors.ProcessEnded)
                await RepairAsync(run, session, cancellationToken);
        }
    }

    private async Task RepairAsync(S3FeedRun run, ITableSession session, CancellationToken cancellationToken)
    {
        var loads = await session.FindLoadsAsync(run.Id, cancellationToken);
        if (loads.Count == run.Commits)
            return;
        logger.LogInformation("The process of run {Run} ended after {Commits} commits. The run's record is repaired from the ledger.", run.Id, loads.Count);
        await history.UpdateAsync(run with
        {
            Commits = loads.Count,
            RowsLoaded = loads.Sum(l => l.Rows),
            ObjectsLoaded = loads.Sum(l => l.Objects),
            BytesRead = loads.Sum(l => l.Bytes),
        }, cancellationToken);
    }
}
