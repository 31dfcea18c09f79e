namespace PeakS3Feed.Runs;

/// <summary>Tells the dead among the runs that are under way by the record.</summary>
internal sealed class DeadRuns(RunHistory history, TimeProvider time)
{
    public async Task<IReadOnlyList<S3FeedRun>> MarkAsync(FeedRunLock? held, CancellationToken cancellationToken)
    {
        var dead = new List<S3FeedRun>();
        foreach (var feed in (await ListRunningHereAsync(cancellationToken)).GroupBy(r => r.FeedId))
        {
            // Held while the record is changed, so that no run of the feed begins in between.
            using var taken = feed.Key == held?.FeedId ? null : FeedRunLock.TryAcquire(history.StateDirectory, feed.Key);
            if (taken is null && feed.Key != held?.FeedId) continue;
            foreach (var run in feed)
            {
                // A run that ended by itself since it was listed stays as it says.
                if (await history.MarkDeadAsync(run.Id, time.GetUtcNow(), cancellationToken)
                    && await history.FindAsync(run.Id, cancellationToken) is { } marked)
                    dead.Add(marked);
            }
        }

        return dead;
    }

    // A lock says nothing about the processes of another host that shares the folder.
    private async Task<IEnumerable<S3FeedRun>> ListRunningHereAsync(CancellationToken cancellationToken)
        => (await history.ListRunningAsync(cancellationToken)).Where(r => string.Equals(r.Host, Environment.MachineName, StringComparison.OrdinalIgnoreCase));
}
