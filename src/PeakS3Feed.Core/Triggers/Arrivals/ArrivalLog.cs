using System.Text.Json;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Runs;
using PeakS3Feed.Triggers.Fires;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Triggers.Arrivals;

/// <summary>
/// The objects that queues have announced, in <c>state.db</c>: one row for each trigger, bucket and key. A message is deleted from its queue only after
/// its rows are on disk, and a row only after a run has seen its object. So an event may be processed twice, but never lost.
/// </summary>
/// <remarks>All methods throw the errors of <see cref="RunHistory"/>.</remarks>
public sealed class ArrivalLog
{
    /// <summary>When a trigger fires again for objects that no run has loaded, because each run failed: after 5 minutes.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    // Another process may have added a trigger that the caller does not know yet.
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Uses the database of a state directory. The first write creates it.</summary>
    public ArrivalLog(string stateDirectory, TimeProvider? time = null)
        => (_database, _time) = (StateDatabase.FromDirectory(stateDirectory), time ?? TimeProvider.System);

    /// <summary>Records arrivals, and flushes them to disk. An event that is not later than the recorded one changes nothing.</summary>
    internal Task<int> RecordAsync(IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken) => arrivals.Count == 0
        ? Task.FromResult(0)
        : _database.WriteAsync(connection => arrivals.Count(a => Record(connection, a, _time.GetUtcNow())), cancellationToken, durable: true);

    /// <summary>Returns the mark of the arrivals that are recorded now, for <see cref="ForgetAsync"/>; null if there is none.</summary>
    internal async Task<ArrivalMark?> MarkAsync(IReadOnlyList<Guid> triggerIds, CancellationToken cancellationToken)
    {
        if (triggerIds.Count == 0 || !_database.Exists)
            return null;
        var number = await _database.RunAsync(c => triggerIds.Max(t => LastNumber(c, t)), cancellationToken);
        return number > 0 ? new(triggerIds, number) : null;
    }

    /// <summary>Deletes the arrivals up to a mark: a run that began after the mark has seen their objects, and has committed.</summary>
    internal Task<int> ForgetAsync(ArrivalMark mark, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => mark.TriggerIds.Sum(t => connection.Execute(
            "DELETE FROM arrivals WHERE trigger_id=$trigger AND number<=$number", ("$trigger", t.Text()), ("$number", mark.Number))),
        cancellationToken);

    /// <summary>Deletes the arrivals of triggers that no longer exist, if they are older than an hour.</summary>
    internal Task<int> ForgetOthersAsync(IReadOnlyCollection<Guid> triggerIds, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => List(connection, "SELECT DISTINCT trigger_id FROM arrivals").Except(triggerIds).Sum(gone => connection.Execute(
            "DELETE FROM arrivals WHERE trigger_id=$trigger AND announced_at<$limit", ("$trigger", gone.Text()),
            ("$limit", (_time.GetUtcNow() - OrphanAge).Text()))),
        cancellationToken);

    /// <summary>Lists the triggers that have arrivals.</summary>
    public async Task<IReadOnlyList<Guid>> ListTriggersAsync(CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(c => List(c, "SELECT DISTINCT trigger_id FROM arrivals"), cancellationToken);

    /// <summary>Counts the arrivals of a trigger.</summary>
    public async Task<long> CountAsync(Guid triggerId, CancellationToken cancellationToken)
        => !_database.Exists ? 0 : await _database.RunAsync(
            c => c.Scalar("SELECT count(*) FROM arrivals WHERE trigger_id=$trigger", ("$trigger", triggerId.Text())), cancellationToken);

    /// <summary>Lists the keys of the arrivals of some triggers, each once, in the order of their bytes.</summary>
    /// <param name="triggerIds">The triggers.</param>
    /// <param name="limit">The maximum number of keys.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<IReadOnlyList<string>> ListKeysAsync(IReadOnlyList<Guid> triggerIds, int limit, CancellationToken cancellationToken)
        => !_database.Exists ? [] : await _database.RunAsync(c => ListKeys(c, triggerIds, limit), cancellationToken);

    /// <summary>The same, but creates no file beside the database, for a plan.</summary>
    internal Task<IReadOnlyList<string>> PeekKeysAsync(IReadOnlyList<Guid> triggerIds, int limit, CancellationToken cancellationToken)
        => _database.PeekAsync(c => ListKeys(c, triggerIds, limit), none: [], cancellationToken);

    /// <summary>
    /// Queues a fire for the arrivals of its trigger, unless a fire of the feed is open: that one, or the next call after its end, takes them. While
    /// runs fail, the same arrivals fire again after <see cref="RetryAfter"/>.
    /// </summary>
    /// <param name="fire">The fire, with the id of its run.</param>
    /// <param name="listingIsDue">Whether the feed must be listed, so that it fires without an arrival.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the fire was queued.</returns>
    internal Task<bool> FireAsync(S3FeedFire fire, bool listingIsDue, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            var (last, now) = (LastNumber(connection, fire.TriggerId), _time.GetUtcNow());
            if ((last == 0 && !listingIsDue) || FireRows.List(connection, FireLog.OpenFires, ("$feed", fire.FeedId.Text())).Count > 0)
                return false;
            var until = connection.Scalar("SELECT fired_until FROM arrival_fires WHERE trigger_id=$trigger", ("$trigger", fire.TriggerId.Text()));
            var at = connection.Time("SELECT fired_at FROM arrival_fires WHERE trigger_id=$trigger", ("$trigger", fire.TriggerId.Text()));
            if (last <= until && now >= at && now - at < RetryAfter)
                return false;
            connection.Execute(
                "INSERT INTO arrival_fires (trigger_id, fired_until, fired_at) VALUES ($trigger, $until, $at) "
                + "ON CONFLICT (trigger_id) DO UPDATE SET fired_until=excluded.fired_until, fired_at=excluded.fired_at",
                ("$trigger", fire.TriggerId.Text()), ("$until", last), ("$at", now.Text()));
            return FireRows.Insert(connection, fire);
        },
        cancellationToken,
        durable: true);

    // The replacement of a row gets a number of its own, so that a run that began before the event does not delete it.
    private static bool Record(SqliteConnection connection, Arrival arrival, DateTimeOffset now)
    {
        (string, object?)[] place = [("$trigger", arrival.TriggerId.Text()), ("$bucket", arrival.Bucket), ("$key", arrival.Key)];
        using var select = connection.Command("SELECT sequencer FROM arrivals WHERE trigger_id=$trigger AND bucket=$bucket AND key=$key", place);
        if (Sequencer.IsKnown(arrival.Sequencer, select.ExecuteScalar() as string))
            return false;
        return connection.Execute(
            "INSERT OR REPLACE INTO arrivals (trigger_id, bucket, key, sequencer, announced_at) VALUES ($trigger, $bucket, $key, $sequencer, $now)",
            [.. place, ("$sequencer", arrival.Sequencer), ("$now", now.Text())]) > 0;
    }

    private static IReadOnlyList<string> ListKeys(SqliteConnection connection, IReadOnlyList<Guid> triggerIds, int limit)
    {
        // SQLite orders text by its bytes in UTF-8, as S3 orders keys.
        using var select = connection.Command(
            "SELECT DISTINCT key FROM arrivals WHERE trigger_id IN (SELECT value FROM json_each($triggers)) ORDER BY key LIMIT $limit",
            ("$triggers", JsonSerializer.Serialize(triggerIds.Select(t => t.Text()))), ("$limit", limit));
        using var row = select.ExecuteReader();
        var keys = new List<string>();
        while (row.Read()) keys.Add(row.GetString(0));
        return keys;
    }

    private static long LastNumber(SqliteConnection connection, Guid triggerId)
        => connection.Scalar("SELECT coalesce(max(number), 0) FROM arrivals WHERE trigger_id=$trigger", ("$trigger", triggerId.Text()));

    private static List<Guid> List(SqliteConnection connection, string sql)
    {
        using var select = connection.Command(sql);
        using var row = select.ExecuteReader();
        var ids = new List<Guid>();
        while (row.Read()) ids.Add(Guid.Parse(row.GetString(0)));
        return ids;
    }
}
