using Microsoft.Data.Sqlite;
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

    /// <summary>Returns when a message last arrived, in UTC, by the URL of the queue; a queue without one is not in it.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> ListAsync(CancellationToken cancellationToken)
        => _database.Exists ? await _database.RunAsync(List, cancellationToken) : [];

    private static Dictionary<string, DateTimeOffset> List(SqliteConnection connection)
    {
        using var select = connection.Command("SELECT queue, received_at FROM queue_messages");
        using var row = select.ExecuteReader();
        var received = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        while (row.Read())
            received.Add(row.GetString(0), row.TimeOrNull(1)!.Value);
        return received;
    }
}
