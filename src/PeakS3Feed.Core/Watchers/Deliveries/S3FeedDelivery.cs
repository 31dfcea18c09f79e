namespace PeakS3Feed.Watchers.Deliveries;

/// <summary>One message of a watcher to its receiver, and its state.</summary>
public sealed record S3FeedDelivery
{
    /// <summary>The message's id. The receiver sees it; it is the same for every attempt.</summary>
    public required Guid Id { get; init; }

    /// <summary>The id of the watcher.</summary>
    public required Guid WatcherId { get; init; }

    /// <summary>The watcher's name at that time.</summary>
    public required string WatcherName { get; init; }

    /// <summary>The event.</summary>
    public required WatcherEvent Event { get; init; }

    /// <summary>The id of the feed, or null.</summary>
    public Guid? FeedId { get; init; }

    /// <summary>The id of the run, or null.</summary>
    public Guid? RunId { get; init; }

    /// <summary>The event in one line.</summary>
    public string Summary => Message.Summary;

    /// <summary>The state of the delivery.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>When the message was created, in UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>The number of attempts.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due, in UTC. While a process sends the message, the end of its lease.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>When the receiver accepted the message, in UTC, or null.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>The reason why the last attempt failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What the message is about (the run; the day and the feed), which makes it unique.</summary>
    internal string Occasion { get; init; } = "";

    /// <summary>The message as it was created. It stays when the run is deleted.</summary>
    internal WatcherMessage Message { get; init; } = WatcherMessage.Empty;

    /// <summary>The id.</summary>
    public override string ToString() => Id.ToString();
}

/// <summary>The state of a delivery.</summary>
public enum DeliveryState
{
    /// <summary>The first or another attempt is pending.</summary>
    Waiting,

    /// <summary>A process is sending it.</summary>
    Sending,

    /// <summary>The receiver accepted it.</summary>
    Delivered,

    /// <summary>There are no further attempts.</summary>
    Failed,
}
