using Microsoft.Data.Sqlite;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Triggers.Fires;

/// <summary>
/// The fires of the last 90 days in <c>state.db</c>. Each decision about a fire is one transaction, so only one of several processes makes it.
/// </summary>
/// <remarks>All methods throw the errors of <see cref="RunHistory"/>.</remarks>
public sealed class FireLog
{
    internal const string OpenFires = "WHERE feed_id=$feed AND state IN ('Queued', 'Started') LIMIT 1";

    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Uses the database of a state directory. The first write creates it.</summary>
    public FireLog(string stateDirectory, TimeProvider? time = null)
        => (_database, _time) = (StateDatabase.FromDirectory(stateDirectory), time ?? TimeProvider.System);

    /// <summary>Returns the instant up to which a trigger's fires are decided, or null.</summary>
    public async Task<DateTimeOffset?> GetDecidedUntilAsync(Guid triggerId, CancellationToken cancellationToken)
        => !_database.Exists ? null : await _database.RunAsync(c => Clock(c, triggerId), cancellationToken);

    /// <summary>
    /// Records the decisions about a trigger's fires up to an instant, unless another process has done so since <paramref name="before"/> was read. A
    /// fire to be queued is skipped if another fire of the feed is queued or started.
    /// </summary>
    /// <param name="triggerId">The trigger.</param>
    /// <param name="before">The result of <see cref="GetDecidedUntilAsync"/>.</param>
    /// <param name="until">The instant up to which all fires are now decided.</param>
    /// <param name="fires">The fires.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the decisions were recorded.</returns>
    public Task<bool> DecideAsync(
        Guid triggerId, DateTimeOffset? before, DateTimeOffset until, IReadOnlyList<S3FeedFire> fires, CancellationToken cancellationToken)
        => _database.WriteAsync(
        connection =>
        {
            if (Clock(connection, triggerId) != before) return false;
            connection.Execute(
                "INSERT INTO trigger_clocks (trigger_id, decided_until) VALUES ($id, $until) "
                + "ON CONFLICT (trigger_id) DO UPDATE SET decided_until=excluded.decided_until",
                ("$id", triggerId.Text()),
                ("$until", until.Text()));
            foreach (var fire in fires) FireRows.Insert(connection, fire.State == FireState.Queued ? UnlessRunning(connection, fire) : fire);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Queues a run of a trigger's feed for a request. If a request for the feed is queued already, the new one joins it: that run has not listed
    /// yet, and will find all that has arrived. A queued fire of a schedule is replaced, because a schedule's fire may still be dropped and a request
    /// may not.
    /// </summary>
    /// <param name="fire">The fire to queue, with the id of its run.</param>
    /// <param name="requestId">The id that the sender gave the request, or null. For a known id, the earlier run is returned.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The id of the run that answers the request.</returns>
    public Task<Guid> EnqueueAsync(S3FeedFire fire, string? requestId, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            if (requestId is not null && KnownRequest(connection, fire.TriggerId, requestId) is { } known) return known;
            var run = Join(connection, fire) ?? Queue(connection, fire, _time.GetUtcNow());
            if (requestId is not null)
            {
                connection.Execute(
                    "INSERT INTO trigger_requests (trigger_id, request_id, run_id, received_at) VALUES ($trigger, $request, $run, $now)",
                    ("$trigger", fire.TriggerId.Text()),
                    ("$request", requestId),
                    ("$run", run.Text()),
                    ("$now", _time.GetUtcNow().Text()));
            }

            return run;
        },
        cancellationToken,
        durable: true);

    /// <summary>Lists the queued fires in the order of their arrival, at most one for each feed.</summary>
    public async Task<IReadOnlyList<S3FeedFire>> ListQueuedAsync(CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(
        c => FireRows.List(c, "WHERE state='Queued' ORDER BY decided_at, rowid").DistinctBy(f => f.FeedId).ToList(), cancellationToken);

    /// <summary>Lists the started fires that have not ended.</summary>
    internal async Task<IReadOnlyList<S3FeedFire>> ListStartedAsync(CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(
        c => FireRows.List(c, "WHERE state='Started'"), cancellationToken);

    /// <summary>Assigns a queued fire to a worker.</summary>
    /// <returns>Whether the worker has it: no other worker does, and no other fire of the feed is started.</returns>
    internal Task<bool> StartAsync(Guid fireId, string worker, CancellationToken cancellationToken) => _database.WriteAsync(
        c => c.Execute(
            """
            UPDATE fires SET state='Started', decided_at=$now, worker=$worker, attempts=attempts+1
            WHERE id=$id AND state='Queued' AND NOT EXISTS (SELECT 1 FROM fires AS other WHERE other.feed_id=fires.feed_id AND other.state='Started')
            """,
            ("$now", _time.GetUtcNow().Text()),
            ("$worker", worker),
            ("$id", fireId.Text())) > 0,
        cancellationToken);

    /// <summary>Records the end of a fire.</summary>
    /// <param name="fire">The fire as it was read; nothing is written when its state or its worker has changed.</param>
    /// <param name="state">The new state.</param>
    /// <param name="reason">The reason, or null to keep the recorded one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal Task<bool> EndAsync(S3FeedFire fire, FireState state, string? reason, CancellationToken cancellationToken) => _database.WriteAsync(
        c => c.Execute(
            """
            UPDATE fires SET state=$state, decided_at=$now, reason=coalesce($reason, reason), run_id=CASE WHEN $state='Ended' THEN run_id END
            WHERE id=$id AND state=$was AND worker IS $worker
            """,
            ("$state", state.ToString()),
            ("$now", _time.GetUtcNow().Text()),
            ("$reason", reason),
            ("$id", fire.Id.Text()),
            ("$was", fire.State.ToString()),
            ("$worker", fire.Worker)) > 0,
        cancellationToken);

    /// <summary>Queues a started fire again: its worker died or stopped, or its feed was already running.</summary>
    /// <param name="fire">The started fire.</param>
    /// <param name="newRunId">The id of its next run, also for the requests that it answers; null for the same id if no run has started.</param>
    /// <param name="counts">Whether the attempt counts, because its worker died.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal Task<bool> RequeueAsync(S3FeedFire fire, Guid? newRunId, bool counts, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            var changed = connection.Execute(
                """
                UPDATE fires SET state='Queued', worker=NULL, run_id=coalesce($run, run_id), attempts=attempts-$back
                WHERE id=$id AND state='Started' AND worker=$worker
                """,
                ("$run", newRunId?.Text()),
                ("$back", counts ? 0 : 1),
                ("$id", fire.Id.Text()),
                ("$worker", fire.Worker)) > 0;
            if (changed && newRunId is { } run)
                connection.Execute("UPDATE trigger_requests SET run_id=$run WHERE run_id=$old", ("$run", run.Text()), ("$old", fire.RunId?.Text()));
            return changed;
        },
        cancellationToken);

    /// <summary>Returns the queued fires of these runs.</summary>
    public async Task<IReadOnlyList<S3FeedFire>> ListQueuedAsync(IReadOnlyCollection<Guid> runs, CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(
        c => FireRows.List(c, "WHERE state='Queued'").Where(f => f.RunId is { } run && runs.Contains(run)).ToList(), cancellationToken);

    /// <summary>Streams the fires of one trigger or of all, the newest first.</summary>
    public IAsyncEnumerable<S3FeedFire> ListAsync(Guid? triggerId, CancellationToken cancellationToken = default) => StateQuery.StreamAsync(
        _database,
        c => triggerId is { } id
            ? c.Command(FireRows.Select + "WHERE trigger_id=$id ORDER BY decided_at DESC, rowid DESC", ("$id", id.Text()))
            : c.Command(FireRows.Select + "ORDER BY decided_at DESC, rowid DESC"),
        FireRows.Read,
        cancellationToken);

    /// <summary>Throws when the database cannot be written. Writes nothing.</summary>
    internal Task ThrowIfNotWritableAsync(CancellationToken cancellationToken)
        => _database.WriteAsync(c => c.Execute("DELETE FROM trigger_clocks WHERE trigger_id=''"), cancellationToken);

    private static DateTimeOffset? Clock(SqliteConnection connection, Guid triggerId)
        => connection.Time("SELECT decided_until FROM trigger_clocks WHERE trigger_id=$id", ("$id", triggerId.Text()));

    private static S3FeedFire UnlessRunning(SqliteConnection connection, S3FeedFire fire)
        => FireRows.List(connection, OpenFires, ("$feed", fire.FeedId.Text())) is not [var other] ? fire : fire with
        {
            State = FireState.Skipped,
            RunId = null,
            Reason = other.State == FireState.Queued ? $"run {other.RunId} of the feed is queued" : $"run {other.RunId} of the feed is still running",
        };

    private static Guid? KnownRequest(SqliteConnection connection, Guid triggerId, string requestId)
    {
        using var select = connection.Command(
            "SELECT run_id FROM trigger_requests WHERE trigger_id=$trigger AND request_id=$request", ("$trigger", triggerId.Text()),
            ("$request", requestId));
        return select.ExecuteScalar() is string run ? Guid.Parse(run) : null;
    }

    private static Guid? Join(SqliteConnection connection, S3FeedFire fire)
    {
        using var update = connection.Command(
            "UPDATE fires SET requests=requests+1 WHERE id=(SELECT id FROM fires WHERE feed_id=$feed AND state='Queued' AND scheduled=0 LIMIT 1) "
            + "RETURNING run_id",
            ("$feed", fire.FeedId.Text()));
        return update.ExecuteScalar() is string run ? Guid.Parse(run) : null;
    }

    private static Guid Queue(SqliteConnection connection, S3FeedFire fire, DateTimeOffset now)
    {
        connection.Execute(
            "UPDATE fires SET state='Skipped', decided_at=$now, run_id=NULL, reason=$reason WHERE feed_id=$feed AND state='Queued'",
            ("$now", now.Text()),
            ("$reason", $"run {fire.RunId} of the feed is queued"),
            ("$feed", fire.FeedId.Text()));
        FireRows.Insert(connection, fire);
        return fire.RunId!.Value;
    }
}
