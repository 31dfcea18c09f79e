using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Runs;

/// <summary>Deletes old runs with their rejects, fires and deliveries, and combines runs that had nothing to do, at most once a day.</summary>
internal sealed class RunRetention(StateDatabase database, TimeProvider time)
{
    /// <summary>How long runs, fires and deliveries are kept: 90 days.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);

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
            "DELETE FROM runs WHERE started_at < $limit AND status <> 'Running'", ("$limit", (time.GetUtcNow() - MaxAge).Text()));
        // Queued and started fires stay, even if the system clock was changed.
        string[] old =
        [
            "fires WHERE state NOT IN ('Queued', 'Started') AND decided_at", "trigger_requests WHERE received_at", "deliveries WHERE made_at",
        ];
        foreach (var rows in old)
            connection.Execute($"DELETE FROM {rows} < $limit", ("$limit", (time.GetUtcNow() - MaxAge).Text()));
        transaction.Commit();
        return forgotten + new RunFolding(connection, time).Fold();
    }
}

/// <summary>
/// Combines the runs of one feed and day (UTC) that had nothing to do into the last of them, with their number and the start of the first, so that a
/// feed that runs every minute does not fill the history. A run stays separate if it has a warning, if it answers a request, if a message about it is
/// not sent yet, or if watchers have not checked it.
/// </summary>
internal sealed class RunFolding(SqliteConnection connection, TimeProvider time)
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(1);

    // Watchers that stopped longer ago than this do not delay combining.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(7);

    /// <summary>Combines runs that are older than a day.</summary>
    /// <returns>The number of runs that were removed.</returns>
    public int Fold()
    {
        var before = time.GetUtcNow() - Age;
        connection.Execute(
            """
            CREATE TEMP TABLE IF NOT EXISTS wanted_runs (id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
            CREATE TEMP TABLE IF NOT EXISTS folded_runs (id TEXT NOT NULL PRIMARY KEY, kept TEXT NOT NULL) WITHOUT ROWID;
            DELETE FROM wanted_runs;
            INSERT OR IGNORE INTO wanted_runs
            SELECT run_id FROM trigger_requests
            UNION SELECT run_id FROM fires WHERE run_id IS NOT NULL AND (scheduled=0 OR state IN ('Queued', 'Started'))
            UNION SELECT run_id FROM deliveries WHERE run_id IS NOT NULL AND state IN ('Waiting', 'Sending');
            """);
        var folded = 0;

        // One transaction for each feed, so that other writers wait only for one of them.
        foreach (var feed in Feeds(before))
            folded += Fold(feed, before);
        connection.Execute("DROP TABLE wanted_runs; DROP TABLE folded_runs;");
        return folded;
    }

    private int Fold(string feed, DateTimeOffset before)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute("DELETE FROM folded_runs");
        var found = connection.Execute(
            """
            INSERT INTO folded_runs
            SELECT id, first_value(id) OVER (PARTITION BY substr(started_at, 1, 10) ORDER BY started_at DESC, rowid DESC)
            FROM runs
            WHERE feed_id=$feed AND started_at<$before AND status='NothingToDo' AND warnings=0 AND error_id IS NULL
            AND rows_read=0 AND objects_failed=0
                AND ended_at<coalesce((SELECT done_at FROM housekeeping WHERE task='watch' AND done_at>$forsaken), '9999')
                AND id NOT IN (SELECT id FROM wanted_runs)
            """,
            ("$feed", feed), ("$before", before.Text()), ("$forsaken", (time.GetUtcNow() - AbandonedAfter).Text()));
        if (found == 0)
            return 0;
        connection.Execute(
            """
            UPDATE runs SET folded=f.others, first_started_at=f.first
            FROM (
                SELECT kept, sum(r.folded+1)-1 AS others, min(coalesce(r.first_started_at, r.started_at)) AS first
                FROM folded_runs JOIN runs AS r ON r.id=folded_runs.id GROUP BY kept HAVING count(*)>1
            ) AS f
            WHERE runs.id=f.kept;
            """);
        connection.Execute(
            "DELETE FROM fires WHERE feed_id=$feed AND scheduled=1 AND run_id IN (SELECT id FROM folded_runs WHERE id<>kept)", ("$feed", feed));
        var gone = connection.Execute("DELETE FROM runs WHERE id IN (SELECT id FROM folded_runs WHERE id<>kept)");
        transaction.Commit();
        return gone;
    }

    private List<string> Feeds(DateTimeOffset before)
    {
        using var command = connection.Command(
            "SELECT DISTINCT feed_id FROM runs WHERE status='NothingToDo' AND started_at<$before", ("$before", before.Text()));
        using var row = command.ExecuteReader();
        var feeds = new List<string>();
        while (row.Read()) feeds.Add(row.GetString(0));
        return feeds;
    }
}
