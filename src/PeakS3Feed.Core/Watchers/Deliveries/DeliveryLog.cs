using Microsoft.Data.Sqlite;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Watchers.Deliveries;

/// <summary>
/// The deliveries of the last 90 days in <c>state.db</c>, and the leases that decide which process sends them. There is one delivery for each
/// watcher, event and occasion, and one process at a time sends it.
/// </summary>
/// <remarks>All methods throw the errors of <see cref="RunHistory"/>.</remarks>
public sealed class DeliveryLog
{
    /// <summary>
    /// The maximum number of deliveries of one watcher that are leased at a time. A watcher whose receiver does not answer cannot block the others.
    /// </summary>
    internal const int MaxPerWatcher = 2;

    /// <summary>The longest delay before the next attempt: 1 hour.</summary>
    internal static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    // A delivery is due again when its lease has ended, which happens when the sending process dies. A time that is too far in the future comes from
    // a wrong clock and counts as due.
    private const string Due = "state IN ('Waiting', 'Sending') AND (next_at <= $now OR next_at > $far)";

    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Uses the database of a state directory. The first write creates it.</summary>
    public DeliveryLog(string stateDirectory, TimeProvider? time = null)
        => (_database, _time) = (StateDatabase.FromDirectory(stateDirectory), time ?? TimeProvider.System);

    /// <summary>Lists the deliveries of one watcher or of all, the newest first. It reads them on demand.</summary>
    public IAsyncEnumerable<S3FeedDelivery> ListAsync(Guid? watcherId, CancellationToken cancellationToken = default) => StateQuery.StreamAsync(
        _database,
        c => watcherId is { } id
            ? c.Command(DeliveryRows.Select + "WHERE watcher_id=$id ORDER BY made_at DESC, rowid DESC", ("$id", id.Text()))
            : c.Command(DeliveryRows.Select + "ORDER BY made_at DESC, rowid DESC"),
        DeliveryRows.Read,
        cancellationToken);

    /// <summary>Adds deliveries, except those that exist already.</summary>
    /// <returns>The ids of the new deliveries.</returns>
    internal Task<IReadOnlyList<Guid>> AddAsync(IReadOnlyCollection<S3FeedDelivery> deliveries, CancellationToken cancellationToken)
        => _database.WriteAsync<IReadOnlyList<Guid>>(c => [.. deliveries.Where(d => DeliveryRows.Insert(c, d)).Select(d => d.Id)], cancellationToken);

    /// <summary>Returns the time up to which arrivals were checked for a watcher, or null.</summary>
    internal async Task<DateTimeOffset?> GetCheckedUntilAsync(Guid watcherId, CancellationToken cancellationToken)
        => !_database.Exists ? null : await _database.RunAsync(c => Clock(c, watcherId), cancellationToken);

    /// <summary>
    /// Records the time up to which arrivals are checked, and adds deliveries. Does nothing and returns false when another process has recorded a
    /// time since <paramref name="before"/> was read.
    /// </summary>
    /// <param name="watcherId">The watcher.</param>
    /// <param name="before">The result of <see cref="GetCheckedUntilAsync"/>.</param>
    /// <param name="until">The new time.</param>
    /// <param name="deliveries">The deliveries to add.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal Task<bool> TrySetCheckedUntilAsync(
        Guid watcherId, DateTimeOffset? before, DateTimeOffset until, IReadOnlyCollection<S3FeedDelivery> deliveries,
        CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            if (Clock(connection, watcherId) != before) return false;
            connection.Execute(
                "INSERT INTO watcher_clocks (watcher_id, looked_until) VALUES ($id, $until) "
                + "ON CONFLICT (watcher_id) DO UPDATE SET looked_until=excluded.looked_until",
                ("$id", watcherId.Text()),
                ("$until", until.Text()));
            foreach (var delivery in deliveries) DeliveryRows.Insert(connection, delivery);
            return true;
        },
        cancellationToken);

    /// <summary>Returns the time up to which ended runs were checked, or null.</summary>
    internal async Task<DateTimeOffset?> GetRunsCheckedUntilAsync(CancellationToken cancellationToken)
        => !_database.Exists ? null : await _database.RunAsync(c => c.Time("SELECT done_at FROM housekeeping WHERE task='watch'"), cancellationToken);

    /// <summary>Records the time up to which ended runs were checked.</summary>
    internal Task SetRunsCheckedUntilAsync(DateTimeOffset until, CancellationToken cancellationToken) => _database.WriteAsync(
        c => c.Execute(
            "INSERT INTO housekeeping (task, done_at) VALUES ('watch', $at) ON CONFLICT (task) DO UPDATE SET done_at=excluded.done_at",
            ("$at", until.Text())),
        cancellationToken);

    /// <summary>Leases deliveries that are due, those of each watcher in the order of their creation.</summary>
    /// <param name="maxCount">The maximum number.</param>
    /// <param name="lease">The duration of the lease, in which no other process may send them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<IReadOnlyList<S3FeedDelivery>> LeaseAsync(int maxCount, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        // Checked first, because usually nothing is due and a read does not lock the database.
        if (!(await GetNextDueAsync(cancellationToken) <= now))
            return [];
        return await _database.WriteAsync(
            connection =>
            {
                using var update = connection.Command(
                    $"""
                    UPDATE deliveries SET state='Sending', attempts=attempts+1, next_at=$until WHERE id IN (
                        SELECT id FROM (
                            SELECT id, next_at, row_number() OVER (PARTITION BY watcher_id ORDER BY next_at, rowid) AS place
                            FROM deliveries WHERE {Due})
                        WHERE place <= $each ORDER BY next_at LIMIT $max)
                    RETURNING {DeliveryRows.Columns}
                    """,
                    ("$now", now.Text()),
                    ("$far", Far(now)),
                    ("$until", (now + lease).Text()),
                    ("$each", MaxPerWatcher),
                    ("$max", maxCount));
                return DeliveryRows.List(update);
            },
            cancellationToken);
    }

    /// <summary>Leases deliveries that were just created, unless another process has leased them.</summary>
    internal Task<IReadOnlyList<S3FeedDelivery>> LeaseAsync(
        IReadOnlyCollection<Guid> ids, TimeSpan lease, CancellationToken cancellationToken) => _database.WriteAsync<IReadOnlyList<S3FeedDelivery>>(
        connection =>
        {
            var now = _time.GetUtcNow();
            return [.. ids.SelectMany(id =>
            {
                using var update = connection.Command(
                    $"""
                    UPDATE deliveries SET state='Sending', attempts=attempts+1, next_at=$until WHERE id=$id AND {Due}
                    RETURNING {DeliveryRows.Columns}
                    """,
                    ("$now", now.Text()),
                    ("$far", Far(now)),
                    ("$until", (now + lease).Text()),
                    ("$id", id.Text()));
                return DeliveryRows.List(update);
            })];
        },
        cancellationToken);

    /// <summary>Records the result of a leased delivery. Does nothing and returns false if another process has leased it since.</summary>
    /// <param name="leased">The delivery as it was leased.</param>
    /// <param name="state">The new state.</param>
    /// <param name="nextAt">When the next attempt is due, if the delivery is waiting.</param>
    /// <param name="error">The reason for the failure, or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal Task<bool> CompleteAsync(
        S3FeedDelivery leased, DeliveryState state, DateTimeOffset nextAt, string? error, CancellationToken cancellationToken)
        => _database.WriteAsync(
        c => c.Execute(
            """
            UPDATE deliveries SET state=$state, next_at=$next, error=$error, delivered_at=$delivered
            WHERE id=$id AND state='Sending' AND attempts=$attempts
            """,
            ("$state", state.ToString()),
            ("$next", nextAt.Text()),
            ("$error", error),
            ("$delivered", state == DeliveryState.Delivered ? _time.GetUtcNow().Text() : null),
            ("$id", leased.Id.Text()),
            ("$attempts", leased.Attempts)) > 0,
        cancellationToken);

    /// <summary>Returns when the next delivery is due; null if there is none.</summary>
    internal async Task<DateTimeOffset?> GetNextDueAsync(CancellationToken cancellationToken) => !_database.Exists ? null : await _database.RunAsync(
        c =>
        {
            var now = _time.GetUtcNow();
            return c.Time(
                "SELECT min(CASE WHEN next_at > $far THEN $now ELSE next_at END) FROM deliveries WHERE state IN ('Waiting', 'Sending')",
                ("$now", now.Text()), ("$far", Far(now)));
        },
        cancellationToken);

    private static string Far(DateTimeOffset now) => (now + MaxPause + TimeSpan.FromMinutes(1)).Text();

    private static DateTimeOffset? Clock(SqliteConnection connection, Guid watcherId)
        => connection.Time("SELECT looked_until FROM watcher_clocks WHERE watcher_id=$id", ("$id", watcherId.Text()));
}
