using Microsoft.Data.Sqlite;

namespace PeakS3Feed.Runs;

/// <summary>
/// The tables of the history, by version (<c>PRAGMA user_version</c>). A released step never changes; changes are added as a new step.
/// </summary>
internal static class StateSchema
{
    private static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE runs (
            id TEXT NOT NULL PRIMARY KEY,
            feed_id TEXT NOT NULL,
            feed_name TEXT NOT NULL COLLATE NOCASE,
            status TEXT NOT NULL,
            started_at TEXT NOT NULL,
            ended_at TEXT,
            objects_planned INTEGER NOT NULL,
            objects_loaded INTEGER NOT NULL,
            objects_skipped INTEGER NOT NULL,
            objects_failed INTEGER NOT NULL,
            rows_read INTEGER NOT NULL,
            rows_loaded INTEGER NOT NULL,
            rows_rejected INTEGER NOT NULL,
            bytes_read INTEGER NOT NULL,
            commits INTEGER NOT NULL,
            error_id TEXT,
            error TEXT,
            host TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            stop_requested_at TEXT
        ) STRICT;
        CREATE INDEX runs_by_start ON runs (started_at);
        CREATE INDEX runs_by_feed ON runs (feed_id, started_at);
        CREATE INDEX runs_under_way ON runs (status) WHERE status = 'Running';

        -- Counts every reject, including those beyond the limit of stored ones.
        CREATE TABLE reject_counts (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            commit_number INTEGER NOT NULL,
            object_uri TEXT NOT NULL,
            rejects INTEGER NOT NULL,
            PRIMARY KEY (run_id, commit_number, object_uri)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE rejects (
            number INTEGER NOT NULL PRIMARY KEY,
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            commit_number INTEGER NOT NULL,
            object_uri TEXT NOT NULL,
            line INTEGER NOT NULL,
            byte_offset INTEGER NOT NULL,
            field TEXT,
            reason TEXT NOT NULL,
            raw_text TEXT
        ) STRICT;
        CREATE INDEX rejects_by_run ON rejects (run_id, commit_number, object_uri);

        CREATE TABLE housekeeping (task TEXT NOT NULL PRIMARY KEY, done_at TEXT NOT NULL) STRICT;
        """,
        """
        -- Up to which time the fires of a trigger are decided.
        CREATE TABLE trigger_clocks (trigger_id TEXT NOT NULL PRIMARY KEY, decided_until TEXT NOT NULL) STRICT;

        CREATE TABLE fires (
            id TEXT NOT NULL PRIMARY KEY,
            trigger_id TEXT NOT NULL,
            trigger_name TEXT NOT NULL,
            feed_id TEXT NOT NULL,
            scheduled INTEGER NOT NULL,
            due_at TEXT NOT NULL,
            state TEXT NOT NULL,
            decided_at TEXT NOT NULL,
            run_id TEXT,
            reason TEXT,
            requests INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            worker TEXT
        ) STRICT;
        CREATE UNIQUE INDEX fires_once ON fires (trigger_id, due_at) WHERE scheduled = 1;
        CREATE INDEX fires_by_trigger ON fires (trigger_id, decided_at);
        CREATE INDEX fires_by_age ON fires (decided_at);
        CREATE INDEX fires_open ON fires (feed_id, state) WHERE state IN ('Queued', 'Started');

        -- Requests by their senders' ids, so that a repeated request does not fire again.
        CREATE TABLE trigger_requests (
            trigger_id TEXT NOT NULL,
            request_id TEXT NOT NULL,
            run_id TEXT NOT NULL,
            received_at TEXT NOT NULL,
            PRIMARY KEY (trigger_id, request_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX trigger_requests_by_age ON trigger_requests (received_at);

        -- The messages of watchers, one for each watcher, event and occasion.
        CREATE TABLE deliveries (
            id TEXT NOT NULL PRIMARY KEY,
            watcher_id TEXT NOT NULL,
            watcher_name TEXT NOT NULL,
            event TEXT NOT NULL,
            occasion TEXT NOT NULL,
            feed_id TEXT,
            run_id TEXT,
            message TEXT NOT NULL,
            state TEXT NOT NULL,
            made_at TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            next_at TEXT NOT NULL,
            delivered_at TEXT,
            error TEXT
        ) STRICT;
        CREATE UNIQUE INDEX deliveries_once ON deliveries (watcher_id, event, occasion);
        CREATE INDEX deliveries_waiting ON deliveries (next_at) WHERE state = 'Waiting';
        CREATE INDEX deliveries_by_age ON deliveries (made_at);
        """,
        """
        DROP INDEX deliveries_waiting;
        CREATE INDEX deliveries_open ON deliveries (next_at) WHERE state IN ('Waiting', 'Sending');
        CREATE INDEX deliveries_by_watcher ON deliveries (watcher_id, made_at);
        CREATE INDEX runs_by_end ON runs (ended_at);

        -- Up to which time arrivals were checked for a watcher.
        CREATE TABLE watcher_clocks (watcher_id TEXT NOT NULL PRIMARY KEY, looked_until TEXT NOT NULL) STRICT;
        """,
        """
        -- Counts every warning, including those beyond the limit of stored ones.
        ALTER TABLE runs ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE run_warnings (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            warning_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            message TEXT NOT NULL,
            object_uri TEXT,
            line INTEGER NOT NULL,
            byte_offset INTEGER NOT NULL,
            field TEXT,
            occurrences INTEGER NOT NULL,
            unit TEXT,
            hint TEXT,
            cmdlets TEXT,
            shells TEXT,
            PRIMARY KEY (run_id, number)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        -- The number of earlier runs of the same day without work that a run represents, and the start of the first of them.
        ALTER TABLE runs ADD COLUMN folded INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE runs ADD COLUMN first_started_at TEXT;
        """,
        """
        -- How each destination stands, as JSON; null for runs of earlier versions.
        ALTER TABLE runs ADD COLUMN destinations TEXT;
        """,
        """
        -- Objects that queues announced, until a run has seen them. A number is never used again, so that a run deletes only what it has seen.
        CREATE TABLE arrivals (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            trigger_id TEXT NOT NULL,
            bucket TEXT NOT NULL,
            key TEXT NOT NULL,
            sequencer TEXT,
            announced_at TEXT NOT NULL,
            UNIQUE (trigger_id, bucket, key)
        ) STRICT;
        CREATE INDEX arrivals_by_trigger ON arrivals (trigger_id, number);

        -- Up to which arrival a trigger has fired, and when.
        CREATE TABLE arrival_fires (trigger_id TEXT NOT NULL PRIMARY KEY, fired_until INTEGER NOT NULL, fired_at TEXT NOT NULL) STRICT;

        -- Why queues or messages of them cannot be read.
        CREATE TABLE queue_problems (
            queue TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            message TEXT NOT NULL,
            hint TEXT,
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL,
            PRIMARY KEY (queue, kind, subject)
        ) STRICT, WITHOUT ROWID;

        -- When a run last listed all objects of a feed that finds its objects by events, and for which settings of the feed.
        CREATE TABLE listings (feed_id TEXT NOT NULL PRIMARY KEY, settings TEXT NOT NULL, listed_at TEXT NOT NULL) STRICT;

        -- The id of this store, in one row.
        CREATE TABLE store (id TEXT NOT NULL PRIMARY KEY) STRICT;
        """,
        """
        -- Suggested commands, one in each line: for PowerShell, and for a shell.
        ALTER TABLE queue_problems ADD COLUMN cmdlets TEXT;
        ALTER TABLE queue_problems ADD COLUMN shells TEXT;

        -- When a message of a queue last arrived.
        CREATE TABLE queue_messages (queue TEXT NOT NULL PRIMARY KEY, received_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """,
    ];

    /// <summary>The version of this program's tables.</summary>
    public static int Current => Steps.Count;

    /// <summary>Returns whether the database has the tables of this program.</summary>
    public static bool IsCurrent(SqliteConnection connection) => connection.Scalar("PRAGMA user_version;") == Current;

    /// <summary>Migrates the database to <see cref="Current"/>.</summary>
    /// <exception cref="Errors.FeedException"><c>RunHistoryTooNew</c>.</exception>
    public static void Prepare(SqliteConnection connection, string path)
    {
        if (Version(connection, path) == Current) return;
        connection.Execute("PRAGMA journal_mode=WAL;");
        using var transaction = connection.BeginTransaction(deferred: false);

        // Read the version again: another process may have migrated while this one waited for the transaction.
        for (var version = Version(connection, path); version < Current; version++)
        {
            connection.Execute(Steps[version]);
            connection.Execute($"PRAGMA user_version={version + 1};");
        }

        transaction.Commit();
    }

    private static int Version(SqliteConnection connection, string path)
    {
        var version = connection.Scalar("PRAGMA user_version;");
        return version <= Current ? (int)version : throw RunErrors.HistoryTooNew(path, version);
    }
}
