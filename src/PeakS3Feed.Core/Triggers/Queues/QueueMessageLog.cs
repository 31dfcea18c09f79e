using PeakS3Feed.Runs;

namespace PeakS3Feed.Triggers.Queues;

/// <summary>When a message of each queue last arrived, in <c>state.db</c>. A message that cannot be read does not count.</summary>
/// <remarks>All methods throw the errors of <see cref="RunHistory"/>.</remarks>
internal sealed class QueueMessageLog
{
    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Uses the database of a state directory. The first write creates it.</summary>
    public QueueMessageLog(string stateDirectory, TimeProvider time)
        => (_database, _time) = (StateDatabase.FromDirectory(stateDirectory), time);

    /// <summary>Records that a message of a queue arrived now.</summary>
    public Task<int> RecordAsync(string queue, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Execute(
            "INSERT INTO queue_messages (queue, received_at) VALUES ($queue, $now) "
            + "ON CONFLICT (queue) DO UPDATE SET received_at=excluded.received_at",
            ("$queue", queue), ("$now", _time.GetUtcNow().Text())),
        cancellationToken);

    /// <summary>Returns when a message last arrived in a queue, in UTC; null if none has.</summary>
    public async Task<DateTimeOffset?> FindAsync(string queue, CancellationToken cancellationToken) => !_database.Exists
        ? null
        : await _database.RunAsync(
            c => c.Time("SELECT received_at FROM queue_messages WHERE queue=$queue", ("$queue", queue)), cancellationToken);
}
