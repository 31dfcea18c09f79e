using Microsoft.Data.Sqlite;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Triggers.Fires;

/// <summary>Reads and writes fires as rows of the state database.</summary>
internal static class FireRows
{
    public const string Select = "SELECT id, trigger_id, trigger_name, feed_id, scheduled, due_at, state, decided_at, run_id, reason, "
        + "requests, attempts, worker FROM fires ";

    // Unique by trigger and due time; a second insert is ignored.
    private const string Add = """
        INSERT INTO fires (id, trigger_id, trigger_name, feed_id, scheduled, due_at, state, decided_at, run_id, reason, requests, attempts)
        VALUES ($id, $trigger, $name, $feed, $scheduled, $due, $state, $decided, $run, $reason, $requests, 0)
        ON CONFLICT (trigger_id, due_at) WHERE scheduled = 1 DO NOTHING
        """;

    public static bool Insert(SqliteConnection connection, S3FeedFire fire) => connection.Execute(
        Add,
        ("$id", fire.Id.Text()),
        ("$trigger", fire.TriggerId.Text()),
        ("$name", fire.TriggerName),
        ("$feed", fire.FeedId.Text()),
        ("$scheduled", fire.Scheduled ? 1 : 0),
        ("$due", fire.DueAt.Text()),
        ("$state", fire.State.ToString()),
        ("$decided", fire.DecidedAt.Text()),
        ("$run", fire.RunId?.Text()),
        ("$reason", fire.Reason),
        ("$requests", fire.Requests)) > 0;

    public static List<S3FeedFire> List(SqliteConnection connection, string where, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(Select + where, parameters);
        using var row = command.ExecuteReader();
        var fires = new List<S3FeedFire>();
        while (row.Read()) fires.Add(Read(row));
        return fires;
    }

    public static S3FeedFire Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        TriggerId = Guid.Parse(row.GetString(1)),
        TriggerName = row.GetString(2),
        FeedId = Guid.Parse(row.GetString(3)),
        Scheduled = row.GetInt64(4) != 0,
        DueAt = row.TimeOrNull(5)!.Value,
        State = Enum.Parse<FireState>(row.GetString(6)),
        DecidedAt = row.TimeOrNull(7)!.Value,
        RunId = row.TextOrNull(8) is { } run ? Guid.Parse(run) : null,
        Reason = row.TextOrNull(9),
        Requests = row.GetInt32(10),
        Attempts = row.GetInt32(11),
        Worker = row.TextOrNull(12),
    };
}
