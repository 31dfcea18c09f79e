using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Mends the records of runs whose process died after a commit and could not write it into the history: the ledger has it.</summary>
internal sealed class HistoryMending(RunHistory history, ILogger logger)
{
    private const int MaxRuns = 1000;

    /// <summary>
    /// To be called after planning, for the server may have ended the dead process's last COMMIT only meanwhile. Looks back to the last
    /// run that went well, for a run that was to mend the history may have died as well.
    /// </summary>
    public async Task MendAsync(S3Feed feed, ITableSession session, CancellationToken cancellationToken)
    {
        var ended = new RunFilter { FeedId = feed.Id, Statuses = [.. Enum.GetValues<RunStatus>().Where(s => s != RunStatus.Running)], Last = MaxRuns };
        await foreach (var run in history.ListAsync(ended, cancellationToken))
        {
            if (run.Status is RunStatus.Succeeded or RunStatus.NothingToDo or RunStatus.NothingMatched or RunStatus.SucceededWithRejects)
                return;
            if (run.ErrorId == RunErrors.ProcessEnded)
                await MendAsync(run, session, cancellationToken);
        }
    }

    private async Task MendAsync(S3FeedRun run, ITableSession session, CancellationToken cancellationToken)
    {
        var loads = await session.FindLoadsAsync(run.Id, cancellationToken);
        if (loads.Count == run.Commits)
            return;
        logger.LogInformation("Run {Run} ended without a word; commits before that: {Commits}. Its record is mended from the ledger.", run.Id, loads.Count);
        await history.UpdateAsync(run with
        {
            Commits = loads.Count,
            RowsLoaded = loads.Sum(l => l.Rows),
            ObjectsLoaded = loads.Sum(l => l.Objects),
            BytesRead = loads.Sum(l => l.Bytes),
        }, cancellationToken);
    }
}
