using System.Text.Json;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Watchers.Deliveries;

/// <summary>Reads and writes deliveries as rows of the state database.</summary>
internal static class DeliveryRows
{
    public const string Columns = "id, watcher_id, watcher_name, event, occasion, feed_id, run_id, message, state, made_at, attempts, next_at, "
        + "delivered_at, error";

    public const string Select = "SELECT " + Columns + " FROM deliveries ";

    private const string Add = """
        INSERT INTO deliveries (id, watcher_id, watcher_name, event, occasion, feed_id, run_id, message, state, made_at, attempts, next_at)
        VALUES ($id, $watcher, $name, $event, $occasion, $feed, $run, $message, $state, $made, 0, $next)
        ON CONFLICT (watcher_id, event, occasion) DO NOTHING
        """;

    /// <returns>Whether the delivery is new.</returns>
    public static bool Insert(SqliteConnection connection, S3FeedDelivery delivery) => connection.Execute(
        Add,
        ("$id", delivery.Id.Text()),
        ("$watcher", delivery.WatcherId.Text()),
        ("$name", delivery.WatcherName),
        ("$event", delivery.Event.ToString()),
        ("$occasion", delivery.Occasion),
        ("$feed", delivery.FeedId?.Text()),
        ("$run", delivery.RunId?.Text()),
        ("$message", JsonSerializer.Serialize(delivery.Message, WatcherJson.Default.WatcherMessage)),
        ("$state", delivery.State.ToString()),
        ("$made", delivery.MadeAt.Text()),
        ("$next", delivery.NextAt.Text())) > 0;

    public static List<S3FeedDelivery> List(SqliteCommand command)
    {
        using var row = command.ExecuteReader();
        var deliveries = new List<S3FeedDelivery>();
        while (row.Read()) deliveries.Add(Read(row));
        return deliveries;
    }

    public static S3FeedDelivery Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        WatcherId = Guid.Parse(row.GetString(1)),
        WatcherName = row.GetString(2),
        Event = Enum.Parse<WatcherEvent>(row.GetString(3)),
        Occasion = row.GetString(4),
        FeedId = row.TextOrNull(5) is { } feed ? Guid.Parse(feed) : null,
        RunId = row.TextOrNull(6) is { } run ? Guid.Parse(run) : null,
        Message = JsonSerializer.Deserialize(row.GetString(7), WatcherJson.Default.WatcherMessage)!,
        State = Enum.Parse<DeliveryState>(row.GetString(8)),
        MadeAt = row.TimeOrNull(9)!.Value,
        Attempts = row.GetInt32(10),
        NextAt = row.TimeOrNull(11)!.Value,
        DeliveredAt = row.TimeOrNull(12),
        Error = row.TextOrNull(13),
    };
}
