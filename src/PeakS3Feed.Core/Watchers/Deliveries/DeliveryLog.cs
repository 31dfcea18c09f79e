using Microsoft.Data.Sqlite;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Watchers.Deliveries;

/// <summary>
/// What watchers tell, in <c>state.db</c>: the messages of the last 90 days, and the one place where it is decided who sends them. A message is made once for
/// each watcher, event and occasion, and sent by one process at a time.
/// </summary>
/// <remarks>All methods throw what <see cref="RunHistory"/> throws.</remarks>
public sealed class DeliveryLog
{
    /// <summary>How many messages of one watcher are taken at a time, so that one that hangs leaves room for the others.</summary>
    internal const int MaxPerWatcher = 2;

    /// <summary>How long a message is put off at most.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    // What was being sent by somebody who died comes back when its lease is over; and what was put off by a clock that was ahead, at once.
    private const string Due = "state IN ('Waiting', 'Sending') AND (next_at <= $now OR next_at > $far)";

    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Uses the database of a state directory; it is made with the first write.</summary>
    public DeliveryLog(string stateDirectory, TimeProvider? time = null) => (_database, _time) = (StateDatabase.FromDirectory(stateDirectory), time ?? TimeProvider.System);

    /// <summary>The messages of one watcher or of all, the newest first, read as they are asked for.</summary>
    public IAsyncEnumerable<S3FeedDelivery> ListAsync(Guid? watcherId, CancellationToken cancellationToken = default) => StateQuery.StreamAsync(
        _database,
        c => watcherId is { } id
            ? c.Command(DeliveryRows.Select + "WHERE watcher_id=$id ORDER BY made_at DESC, rowid DESC", ("$id", id.Text()))
            : c.Command(DeliveryRows.Select + "ORDER BY made_at DESC, rowid DESC"),
        DeliveryRows.Read,
        cancellationToken);

    /// <summary>Writes down what is to be told, as far as nobody has done so.</summary>
    /// <returns>The ids of those that are new.</returns>
    internal Task<IReadOnlyList<Guid>> AddAsync(IReadOnlyCollection<S3FeedDelivery> deliveries, CancellationToken cancellationToken)
        => _database.WriteAsync<IReadOnlyList<Guid>>(c => [.. deliveries.Where(d => DeliveryRows.Insert(c, d)).Select(d => d.Id)], cancellationToken);

    /// <summary>Up to when it was looked whether something arrived for a watcher, or null.</summary>
    internal async Task<DateTimeOffset?> GetCheckedUntilAsync(Guid watcherId, CancellationToken cancellationToken)
        => !_database.Exists ? null : await _database.RunAsync(c => Clock(c, watcherId), cancellationToken);

    /// <summary>Writes down that it was looked whether something arrived, and what is to be told of it, unless another process has done so since <paramref name="before"/> was read.</summary>
    /// <param name="watcherId">The watcher.</param>
    /// <param name="before">What <see cref="GetCheckedUntilAsync"/> gave.</param>
    /// <param name="until">Up to when it was looked now.</param>
    /// <param name="deliveries">What is to be told.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal Task<bool> TrySetCheckedUntilAsync(
        Guid watcherId, DateTimeOffset? before, DateTimeOffset until, IReadOnlyCollection<S3FeedDelivery> deliveries, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            if (Clock(connection, watcherId) != before) return false;
            connection.Execute(
                "INSERT INTO watcher_clocks (watcher_id, looked_until) VALUES ($id, $until) ON CONFLICT (watcher_id) DO UPDATE SET looked_until=excluded.looked_until",
                ("$id", watcherId.Text()),
                ("$until", until.Text()));
            foreach (var delivery in deliveries) DeliveryRows.Insert(connection, delivery);
            return true;
        },
        cancellationToken);

    /// <summary>Up to when runs that ended were looked at, or null.</summary>
    internal async Task<DateTimeOffset?> GetRunsCheckedUntilAsync(CancellationToken cancellationToken)
        => !_database.Exists ? null : await _database.RunAsync(c => c.Time("SELECT done_at FROM housekeeping WHERE task='watch'"), cancellationToken);

    /// <summary>Writes down up to when runs that ended were looked at.</summary>
    internal Task SetRunsCheckedUntilAsync(DateTimeOffset until, CancellationToken cancellationToken) => _database.WriteAsync(
        c => c.Execute("INSERT INTO housekeeping (task, done_at) VALUES ('watch', $at) ON CONFLICT (task) DO UPDATE SET done_at=excluded.done_at", ("$at", until.Text())),
        cancellationToken);

    /// <summary>Takes messages that are due for the one who sends them, those of each watcher in the order in which they were made.</summary>
    /// <param name="most">How many.</param>
    /// <param name="lease">How long nobody else may take them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<IReadOnlyList<S3FeedDelivery>> LeaseAsync(int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        // Asked first, for most of the time there is nothing, and looking does not lock.
        if (!(await GetNextDueAsync(cancellationToken) <= now))
            return [];
        return await _database.WriteAsync(
            connection =>
            {
                using var take = connection.Command(
                    $"""
                    UPDATE deliveries SET state='Sending', attempts=attempts+1, next_at=$until WHERE id IN (
                        SELECT id FROM (
                            SELECT id, next_at, row_number() OVER (PARTITION BY watcher_id ORDER BY next_at, rowid) AS place FROM deliveries WHERE {Due})
                        WHERE place <= $each ORDER BY next_at LIMIT $most)
                    RETURNING {DeliveryRows.Columns}
                    """,
                    ("$now", now.Text()),
                    ("$far", Far(now)),
                    ("$until", (now + lease).Text()),
                    ("$each", MaxPerWatcher),
                    ("$most", most));
                return DeliveryRows.List(take);
            },
            cancellationToken);
    }

    /// <summary>Takes messages that were made a moment ago, if nobody else has.</summary>
    internal Task<IReadOnlyList<S3FeedDelivery>> LeaseAsync(IReadOnlyCollection<Guid> ids, TimeSpan lease, CancellationToken cancellationToken) => _database.WriteAsync<IReadOnlyList<S3FeedDelivery>>(
        connection =>
        {
            var now = _time.GetUtcNow();
            return [.. ids.SelectMany(id =>
            {
                using var take = connection.Command(
                    $"""
                    UPDATE deliveries SET state='Sending', attempts=attempts+1, next_at=$until WHERE id=$id AND {Due}
                    RETURNING {DeliveryRows.Columns}
                    """,
                    ("$now", now.Text()),
                    ("$far", Far(now)),
                    ("$until", (now + lease).Text()),
                    ("$id", id.Text()));
                return DeliveryRows.List(take);
            })];
        },
        cancellationToken);

    /// <summary>Writes down what became of a message that was taken; nothing when somebody else has taken it since.</summary>
    /// <param name="taken">The message as it was taken.</param>
    /// <param name="state">How it stands now.</param>
    /// <param name="nextAt">When it is sent again, if it is waiting.</param>
    /// <param name="error">Why it was not delivered, or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal Task<bool> CompleteAsync(S3FeedDelivery taken, DeliveryState state, DateTimeOffset nextAt, string? error, CancellationToken cancellationToken) => _database.WriteAsync(
        c => c.Execute(
            """
            UPDATE deliveries SET state=$state, next_at=$next, error=$error, delivered_at=$delivered
            WHERE id=$id AND state='Sending' AND attempts=$attempts
            """,
            ("$state", state.ToString()),
            ("$next", nextAt.Text()),
            ("$error", error),
            ("$delivered", state == DeliveryState.Delivered ? _time.GetUtcNow().Text() : null),
            ("$id", taken.Id.Text()),
            ("$attempts", taken.Attempts)) > 0,
        cancellationToken);

    /// <summary>When the next message is due; null when none is.</summary>
    internal async Task<DateTimeOffset?> GetNextDueAsync(CancellationToken cancellationToken) => !_database.Exists ? null : await _database.RunAsync(
        c =>
        {
            var now = _time.GetUtcNow();
            return c.Time(
                "SELECT min(CASE WHEN next_at > $far THEN $now ELSE next_at END) FROM deliveries WHERE state IN ('Waiting', 'Sending')", ("$now", now.Text()), ("$far", Far(now)));
        },
        cancellationToken);

    private static string Far(DateTimeOffset now) => (now + LongestPause + TimeSpan.FromMinutes(1)).Text();

    private static DateTimeOffset? Clock(SqliteConnection connection, Guid watcherId)
        => connection.Time("SELECT looked_until FROM watcher_clocks WHERE watcher_id=$id", ("$id", watcherId.Text()));
}
