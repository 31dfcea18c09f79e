using System.Globalization;
using System.Runtime.CompilerServices;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Runs;

/// <summary>
/// The history of runs and their rejects, for 90 days. It is one SQLite file (<c>state.db</c>) for all processes of a user, readable by its owner
/// only. Loaded data does not depend on it: the ledger in the destination records what a feed has loaded.
/// </summary>
/// <param name="stateDirectory">The folder of <c>state.db</c>, which the first write creates.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <remarks>
/// All methods throw <c>RunHistoryTooNew</c>, <c>RunHistoryBusy</c> (after waiting 30 seconds for another writer), <c>RunHistoryFull</c>,
/// <c>RunHistoryMoved</c> and <c>RunHistoryUnusable</c>.
/// </remarks>
public sealed class RunHistory(string stateDirectory, TimeProvider? time = null)
{
    private readonly StateDatabase _database = StateDatabase.FromDirectory(stateDirectory);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The folder of the history and of the feeds' locks.</summary>
    public string StateDirectory => stateDirectory;

    /// <summary>Records a new run. Once a day it also deletes runs older than 90 days and combines runs that had nothing to do.</summary>
    public async Task StartAsync(S3FeedRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        await _database.RunAsync(
            connection =>
            {
                using var insert = RunRows.Command(connection, RunRows.Insert, run);
                return insert.ExecuteNonQuery();
            },
            cancellationToken);
        await new RunRetention(_database, _time).PruneIfDueAsync(cancellationToken);
    }

    /// <summary>Records the current state of a run. Its id, feed, host, process and start do not change.</summary>
    /// <exception cref="FeedException"><c>RunNotFound</c>.</exception>
    public async Task UpdateAsync(S3FeedRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var changed = await _database.RunAsync(
            connection =>
            {
                using var update = RunRows.Command(connection, RunRows.Update, run);
                return update.ExecuteNonQuery();
            },
            cancellationToken);
        if (changed == 0) throw RunErrors.RunNotFound(run.Id);
    }

    /// <summary>Returns the run with this id, or null.</summary>
    public async Task<S3FeedRun?> FindAsync(Guid runId, CancellationToken cancellationToken = default)
        => !_database.Exists ? null : await _database.RunAsync(
            connection =>
            {
                using var select = connection.Command(RunRows.Select + "WHERE id=$id", ("$id", runId.Text()));
                using var row = select.ExecuteReader();
                return row.Read() ? RunRows.Read(row) : null;
            },
            cancellationToken);

    /// <summary>Lists runs, the newest first. It reads them on demand.</summary>
    public async IAsyncEnumerable<S3FeedRun> ListAsync(
        RunFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!_database.Exists) yield break;
        await foreach (var run in StateQuery.StreamAsync(
            _database, c => RunQuery.List(c, filter ?? RunFilter.All), RunRows.Read, cancellationToken))
            yield return run;
    }

    /// <summary>Lists the runs that ended at <paramref name="since"/> or later, in the order of their ends.</summary>
    internal async Task<IReadOnlyList<S3FeedRun>> ListEndedAsync(DateTimeOffset since, CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(
            c => RunRows.List(c, "WHERE ended_at>=$since AND status<>'Running' ORDER BY ended_at, rowid", ("$since", since.Text())),
            cancellationToken);

    /// <summary>Lists the runs that are recorded as Running.</summary>
    internal async Task<IReadOnlyList<S3FeedRun>> ListRunningAsync(CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(c => RunRows.List(c, "WHERE status='Running' ORDER BY started_at"), cancellationToken);

    /// <summary>
    /// Returns whether a run of the feed that started at <paramref name="since"/> or later found objects to load; null while such a run is active
    /// and may still find some.
    /// </summary>
    internal async Task<bool?> HasFoundObjectsAsync(Guid feedId, DateTimeOffset since, CancellationToken cancellationToken)
        => !_database.Exists ? false : await _database.RunAsync(
            connection =>
            {
                const string Runs = "SELECT count(*) FROM runs WHERE feed_id=$feed AND started_at>=$since AND ";
                if (connection.Scalar(Runs + "objects_planned>0", ("$feed", feedId.Text()), ("$since", since.Text())) > 0) return true;
                return connection.Scalar(Runs + "status='Running'", ("$feed", feedId.Text()), ("$since", since.Text())) > 0 ? (bool?)null : false;
            },
            cancellationToken);

    /// <summary>Returns whether a run of the feed started between two instants.</summary>
    internal async Task<bool> HasStartedAsync(Guid feedId, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
        => _database.Exists && await _database.RunAsync(
            c => c.Scalar(
                "SELECT count(*) FROM runs WHERE feed_id=$feed AND started_at>=$since AND coalesce(first_started_at, started_at)<=$until",
                ("$feed", feedId.Text()), ("$since", since.Text()), ("$until", until.Text())) > 0,
            cancellationToken);

    /// <summary>Counts the runs that <see cref="ClearAsync"/> would delete.</summary>
    /// <param name="filter">The runs.</param>
    /// <param name="before">Only runs that started before this instant; null for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<int> CountAsync(RunFilter filter, DateTimeOffset? before, CancellationToken cancellationToken = default)
        => !_database.Exists ? 0 : await _database.RunAsync(
            connection =>
            {
                using var count = RunQuery.Count(connection, filter, before);
                return Convert.ToInt32(count.ExecuteScalar(), CultureInfo.InvariantCulture);
            },
            cancellationToken);

    /// <summary>
    /// Deletes runs that have ended, and their rejects. Runs that are recorded as Running stay; <see cref="MarkDeadRunsAsync"/> finds those whose
    /// process no longer exists.
    /// </summary>
    /// <param name="filter">The runs.</param>
    /// <param name="before">Only runs that started before this instant; null for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The number of runs deleted.</returns>
    public async Task<int> ClearAsync(RunFilter filter, DateTimeOffset? before, CancellationToken cancellationToken = default)
        => !_database.Exists ? 0 : await _database.RunAsync(
            connection =>
            {
                using var delete = RunQuery.Clear(connection, filter, before);
                return delete.ExecuteNonQuery();
            },
            cancellationToken);

    /// <summary>Requests that a run stops, in any process.</summary>
    /// <returns>Whether the run is running. For a run that has ended, the call does nothing.</returns>
    /// <exception cref="FeedException"><c>RunNotFound</c>.</exception>
    public async Task<bool> RequestStopAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var run = await FindAsync(runId, cancellationToken) ?? throw RunErrors.RunNotFound(runId);
        return run.Status == RunStatus.Running && await _database.RunAsync(
            connection => connection.Execute(
                "UPDATE runs SET stop_requested_at=coalesce(stop_requested_at, $now) WHERE id=$id AND status='Running'",
                ("$now", _time.GetUtcNow().Text()),
                ("$id", runId.Text())) > 0,
            cancellationToken);
    }

    /// <summary>Returns whether a stop of the run was requested. Cheap enough to call once a second.</summary>
    public async Task<bool> IsStopRequestedAsync(Guid runId, CancellationToken cancellationToken = default)
        => _database.Exists && await _database.RunAsync(
            connection => connection.Scalar("SELECT count(*) FROM runs WHERE id=$id AND stop_requested_at IS NOT NULL", ("$id", runId.Text())) > 0,
            cancellationToken);

    /// <summary>
    /// Finds runs that are recorded as Running on this host although no process has their feed's lock, and marks them as failed, with the error
    /// <c>ProcessEnded</c>.
    /// </summary>
    /// <param name="held">A lock of the caller, or null. All runs of its feed that are recorded as Running are dead, so call this before the new
    /// run starts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The runs that were marked, in their new state.</returns>
    public Task<IReadOnlyList<S3FeedRun>> MarkDeadRunsAsync(FeedRunLock? held = null, CancellationToken cancellationToken = default)
        => new DeadRuns(this, _time).MarkAsync(held, cancellationToken);

    /// <summary>Opens the log of a run's rejects.</summary>
    /// <param name="runId">A run that is started before its first reject is added.</param>
    /// <param name="text">Whether to keep raw text.</param>
    public RejectLog OpenRejects(Guid runId, RejectText text = RejectText.Keep) => new(_database, runId, text);

    /// <summary>Lists the stored rejects of a run (at most 10,000) in the order in which they were added. It reads them on demand.</summary>
    public async IAsyncEnumerable<Rows.Reject> ListRejectsAsync(Guid runId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!_database.Exists) yield break;
        await foreach (var reject in StateQuery.StreamAsync(
            _database, c => RejectRows.Select(c, runId), RejectRows.Read, cancellationToken))
            yield return reject;
    }

    /// <summary>Lists the stored warnings of a run (at most 10,000) in their order. It reads them on demand.</summary>
    public async IAsyncEnumerable<FeedWarning> ListWarningsAsync(Guid runId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!_database.Exists) yield break;
        await foreach (var warning in StateQuery.StreamAsync(_database, c => WarningRows.Select(c, runId), WarningRows.Read, cancellationToken))
            yield return warning;
    }

    /// <summary>Replaces the warnings of a run.</summary>
    internal Task WriteWarningsAsync(Guid runId, IReadOnlyList<FeedWarning> warnings, CancellationToken cancellationToken) => _database.RunAsync(
        connection =>
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            WarningRows.Replace(connection, runId, warnings);
            transaction.Commit();
            return true;
        },
        cancellationToken);

    internal Task<bool> MarkDeadAsync(Guid runId, DateTimeOffset at, CancellationToken cancellationToken) => _database.RunAsync(
        connection => connection.Execute(
            "UPDATE runs SET status='Failed', ended_at=$now, error_id=$errorId, error='process ended' WHERE id=$id AND status='Running'",
            ("$now", at.Text()),
            ("$errorId", RunErrors.ProcessEnded),
            ("$id", runId.Text())) > 0,
        cancellationToken);
}
