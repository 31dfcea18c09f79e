namespace PeakS3Feed.Runs;

/// <summary>Finds runs that are recorded as Running although their process no longer exists, and marks them as failed.</summary>
internal sealed class DeadRuns(RunHistory history, TimeProvider time)
{
    public async Task<IReadOnlyList<S3FeedRun>> MarkAsync(FeedRunLock? held, CancellationToken cancellationToken)
    {
        var dead = new List<S3FeedRun>();
        foreach (var feed in (await ListRunningHereAsync(cancellationToken)).GroupBy(r => r.FeedId))
        {
            // The lock is held while the record changes, so that no run of the feed starts in between.
            using var taken = feed.Key == held?.FeedId ? null : FeedRunLock.TryAcquire(history.StateDirectory, feed.Key);
            if (taken is null && feed.Key != held?.FeedId) continue;
            foreach (var run in feed)
            {
                // A run that ended normally since it was listed keeps its status.
                if (await history.MarkDeadAsync(run.Id, time.GetUtcNow(), cancellationToken)
                    && await history.FindAsync(run.Id, cancellationToken) is { } marked)
                    dead.Add(marked);
            }
        }

        return dead;
    }

    // A lock file says nothing about processes of other hosts that share the folder.
    private async Task<IEnumerable<S3FeedRun>> ListRunningHereAsync(CancellationToken cancellationToken)
        => (await history.ListRunningAsync(cancellationToken))
            .Where(r => string.Equals(r.Host, Environment.MachineName, StringComparison.OrdinalIgnoreCase));
}
