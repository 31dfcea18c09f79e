using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Runs;

/// <summary>Deletes old runs with their rejects, fires and deliveries, and combines runs that had nothing to do, at most once a day.</summary>
internal sealed class RunRetention(StateDatabase database, TimeProvider time)
{
    /// <summary>How long runs are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    public Task PruneIfDueAsync(CancellationToken cancellationToken) => database.RunAsync(
        connection => IsDue(connection) ? Prune(connection) : 0, cancellationToken);

    private bool IsDue(SqliteConnection connection)
        => connection.Scalar(
            "SELECT count(*) FROM housekeeping WHERE task='prune' AND done_at > $limit", ("$limit", (time.GetUtcNow() - Interval).Text())) == 0;

    private int Prune(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute(
            "INSERT INTO housekeeping (task, done_at) VALUES ('prune', $now) ON CONFLICT (task) DO UPDATE SET done_at=excluded.done_at",
            ("$now", time.GetUtcNow().Text()));

        // Deleting a run also deletes its rejects.
        var forgotten = connection.Execute(
            "DELETE FROM runs WHERE started_at < $limit AND status <> 'Running'", ("$limit", (time.GetUtcNow() - Kept).Text()));
        // Open fires and running runs stay, whatever the clock did.
        foreach (var old in new[] { "fires WHERE state NOT IN ('Queued', 'Started') AND decided_at", "trigger_requests WHERE received_at", "deliveries WHERE made_at" })
            connection.Execute($"DELETE FROM {old} < $limit", ("$limit", (time.GetUtcNow() - Kept).Text()));
        transaction.Commit();
        return forgotten + new RunFolding(connection, time).Fold();
    }
}
