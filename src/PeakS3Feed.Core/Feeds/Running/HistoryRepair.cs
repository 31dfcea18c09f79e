using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Repairs, from the ledger, the records of runs whose process died after a commit and before it wrote the history.</summary>
internal sealed class HistoryRepair(RunHistory history, ILogger logger)
{
    private const int MaxRuns = 1000;

    /// <summary>
    /// Repairs the records of a feed. Call it after planning: the server may finish the last COMMIT of the dead process as late as that. Goes
    /// back to the last successful run, because a run that should have repaired the history may have died, too.
    /// </summary>
    public async Task RepairAsync(S3Feed feed, string destination, ITableSession session, CancellationToken cancellationToken)
    {
        var ended = new RunFilter
        {
            FeedId = feed.Id,
            Statuses = [.. Enum.GetValues<RunStatus>().Where(s => s != RunStatus.Running)],
            Last = MaxRuns,
        };
        await foreach (var run in history.ListAsync(ended, cancellationToken))
        {
            if (run.Status is RunStatus.Succeeded or RunStatus.NothingToDo or RunStatus.NothingMatched or RunStatus.SucceededWithRejects)
                return;
            if (run.ErrorId == RunErrors.ProcessEnded)
                await RepairAsync(run, destination, feed.DestinationNames.Count == 1, session, cancellationToken);
        }
    }

    private async Task RepairAsync(S3FeedRun run, string name, bool isAlone, ITableSession session, CancellationToken cancellationToken)
    {
        var loads = await session.FindLoadsAsync(run.Id, cancellationToken);
        // A run of an earlier version has no record of its destinations.
        var record = run.Destinations.FirstOrDefault(d => d.Name == name)
            ?? new RunDestination { Name = name, Status = run.Status, Commits = isAlone ? run.Commits : 0 };
        if (loads.Count == record.Commits)
            return;
        logger.LogInformation(
            "The process of run {Run} ended after {Commits} commits. The run's record is repaired from the ledger.", run.Id, loads.Count);
        var repaired = record with { Commits = loads.Count, RowsLoaded = loads.Sum(l => l.Rows), ObjectsLoaded = loads.Sum(l => l.Objects) };
        IReadOnlyList<RunDestination> destinations = run.Destinations.Count == 0
            ? [repaired]
            : [.. run.Destinations.Select(d => d.Name == name ? repaired : d)];
        // Of two destinations, the one with more rows has everything that the run loaded. The rows of the other one are among them.
        await history.UpdateAsync(run with
        {
            Commits = run.Commits + loads.Count - record.Commits,
            RowsLoaded = destinations.Max(d => d.RowsLoaded),
            ObjectsLoaded = destinations.Max(d => d.ObjectsLoaded),
            BytesRead = Math.Max(isAlone ? 0 : run.BytesRead, loads.Sum(l => l.Bytes)),
            Destinations = destinations,
        }, cancellationToken);
    }
}
