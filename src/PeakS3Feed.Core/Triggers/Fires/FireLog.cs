using Microsoft.Data.Sqlite;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Triggers.Fires;

/// <summary>
/// The fires of the last 90 days in <c>state.db</c>. Each decision about a fire is one transaction here, so that no two processes on one store take
/// it.
/// </summary>
/// <remarks>All methods throw what <see cref="RunHistory"/> throws.</remarks>
public sealed class FireLog
{
    private const string OpenFires = "WHERE feed_id=$feed AND state IN ('Queued', 'Started') LIMIT 1";

    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Uses the database of a state directory; it is made with the first write.</summary>
    public FireLog(string stateDirectory, TimeProvider? time = null)
        => (_database, _time) = (StateDatabase.FromDirectory(stateDirectory), time ?? TimeProvider.System);

    /// <summary>The instant up to which a trigger's fires are decided, or null.</summary>
    public async Task<DateTimeOffset?> DecidedUntilAsync(Guid triggerId, CancellationToken cancellationToken)
        => !_database.Exists ? null : await _database.RunAsync(c => Clock(c, triggerId), cancellationToken);

    /// <summary>
    /// Records the decisions about a trigger's fires up to an instant, unless another process has done so since <paramref name="before"/> was read. A fire
    /// that would be queued is skipped where the feed has another one that is queued or started.
    /// </summary>
    /// <param name="triggerId">The trigger.</param>
    /// <param name="before">What <see cref="DecidedUntilAsync"/> gave.</param>
    /// <param name="until">The instant up to which all fires are decided now.</param>
    /// <param name="fires">The fires.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether this call recorded them.</returns>
    public Task<bool> DecideAsync(
        Guid triggerId, DateTimeOffset? before, DateTimeOffset until, IReadOnlyList<S3FeedFire> fires, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            if (Clock(connection, triggerId) != before) return false;
            connection.Execute(
                "INSERT INTO trigger_clocks (trigger_id, decided_until) VALUES ($id, $until) ON CONFLICT (trigger_id) DO UPDATE SET decided_until=excluded.decided_until",
                ("$id", triggerId.Text()),
                ("$until", until.Text()));
            foreach (var fire in fires) FireRows.Insert(connection, fire.State == FireState.Queued ? UnlessRunning(connection, fire) : fire);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Queues a run of a trigger's feed for a request. A request that is queued already answers this one, too, for its run will see everything that
    /// has arrived by now. It replaces a queued fire of a schedule, which may still be dropped; a request may not.
    /// </summary>
    /// <param name="fire">The fire to queue, with its run's id.</param>
    /// <param name="requestId">The id that its sender gave the request, or null; one that is known gets the run that it got before.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The run that answers the request.</returns>
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

    /// <summary>The fires that are queued, in the order in which they came, one of each feed.</summary>
    public async Task<IReadOnlyList<S3FeedFire>> ListQueuedAsync(CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(
        c => FireRows.List(c, "WHERE state='Queued' ORDER BY decided_at, rowid").DistinctBy(f => f.FeedId).ToList(), cancellationToken);

    /// <summary>The fires that are started and have not ended.</summary>
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

    /// <summary>Queues a fire again that was started: by a worker that died or stops, or while the feed was running.</summary>
    /// <param name="fire">The fire as it was started.</param>
    /// <param name="newRunId">The id of its next run, which is from now on what its requests are answered with; null for the same, where no run began.</param>
    /// <param name="counts">Whether it counts as an attempt, for its worker died.</param>
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

    /// <summary>Of these runs, those that are queued.</summary>
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
            Reason = other.State == FireState.Queued ? $"run {other.RunId} of the feed is queued" : $"run {other.RunId} of the feed is still going",
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
            "UPDATE fires SET requests=requests+1 WHERE id=(SELECT id FROM fires WHERE feed_id=$feed AND state='Queued' AND scheduled=0 LIMIT 1) RETURNING run_id",
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
