using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Repairs, from the ledger, the records of a feed's runs whose process died after a commit and before it wrote the history.</summary>
internal sealed class HistoryRepair(RunHistory history, S3Feed feed, ILogger logger)
{
    private const int MaxRuns = 1000;
    private Task<List<S3FeedRun>>? _finding;

    /// <summary>Begins to find the runs whose process died, while the run connects.</summary>
    public void Begin(CancellationToken cancellationToken) => _finding = Task.Run(() => FindDeadAsync(cancellationToken), cancellationToken);

    /// <summary>Returns whether there are such runs.</summary>
    public async Task<bool> HasWorkAsync(CancellationToken cancellationToken) => (await (_finding ??= FindDeadAsync(cancellationToken))).Count > 0;

    /// <summary>
    /// Repairs the records. Call it after planning: the server may finish the last COMMIT of the dead process as late as that.
    /// </summary>
    public async Task RepairAsync(string destination, ITableSession session, CancellationToken cancellationToken)
    {
        var dead = await (_finding ??= FindDeadAsync(cancellationToken));
        for (var i = 0; i < dead.Count; i++)
            dead[i] = await RepairAsync(dead[i], destination, feed.DestinationNames.Count == 1, session, cancellationToken);
    }

    /// <summary>Waits until nothing is read any more.</summary>
    public async Task EndAsync()
    {
        if (_finding is not null)
            await ((Task)_finding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Goes back to the last successful run, because a run that should have repaired the history may have died, too.
    private async Task<List<S3FeedRun>> FindDeadAsync(CancellationToken cancellationToken)
    {
        var ended = new RunFilter
        {
            FeedId = feed.Id,
            Statuses = [.. Enum.GetValues<RunStatus>().Where(s => s != RunStatus.Running)],
            Last = MaxRuns,
        };
        var dead = new List<S3FeedRun>();
        await foreach (var run in history.ListAsync(ended, cancellationToken))
        {
            if (run.Status is RunStatus.Succeeded or RunStatus.NothingToDo or RunStatus.NothingMatched or RunStatus.SucceededWithRejects)
                break;
            if (run.ErrorId == RunErrors.ProcessEnded)
                dead.Add(run);
        }
        return dead;
    }

    private async Task<S3FeedRun> RepairAsync(S3FeedRun run, string name, bool isAlone, ITableSession session, CancellationToken cancellationToken)
    {
        var loads = await session.FindLoadsAsync(run.Id, cancellationToken);
        // A run of an earlier version has no record of its destinations.
        var record = run.Destinations.FirstOrDefault(d => d.Name == name)
            ?? new RunDestination { Name = name, Status = run.Status, Commits = isAlone ? run.Commits : 0 };
        if (loads.Count == record.Commits)
            return run;
        logger.LogInformation(
            "The process of run {Run} ended after {Commits} commits. The run's record is repaired from the ledger.", run.Id, loads.Count);
        var repaired = record with { Commits = loads.Count, RowsLoaded = loads.Sum(l => l.Rows), ObjectsLoaded = loads.Sum(l => l.Objects) };
        IReadOnlyList<RunDestination> destinations = run.Destinations.Count == 0
            ? [repaired]
            : [.. run.Destinations.Select(d => d.Name == name ? repaired : d)];
        // Of two destinations, the one with more rows has everything that the run loaded. The rows of the other one are among them.
        var corrected = run with
        {
            Commits = run.Commits + loads.Count - record.Commits,
            RowsLoaded = destinations.Max(d => d.RowsLoaded),
            ObjectsLoaded = destinations.Max(d => d.ObjectsLoaded),
            BytesRead = Math.Max(isAlone ? 0 : run.BytesRead, loads.Sum(l => l.Bytes)),
            Destinations = destinations,
        };
        await history.UpdateAsync(corrected, cancellationToken);
        return corrected;
    }
}
