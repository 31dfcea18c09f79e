namespace PeakS3Feed.Watchers.Deliveries;

/// <summary>One message of a watcher, and what became of it.</summary>
public sealed record S3FeedDelivery
{
    /// <summary>The message's id; its receiver sees it, the same however often the message is sent.</summary>
    public required Guid Id { get; init; }

    /// <summary>The watcher.</summary>
    public required Guid WatcherId { get; init; }

    /// <summary>The watcher's name then.</summary>
    public required string WatcherName { get; init; }

    /// <summary>What it tells of.</summary>
    public required WatcherEvent Event { get; init; }

    /// <summary>The feed.</summary>
    public Guid? FeedId { get; init; }

    /// <summary>The run that it tells of, or null.</summary>
    public Guid? RunId { get; init; }

    /// <summary>What it says, in one line.</summary>
    public string Summary => Message.Summary;

    /// <summary>How it stands.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>While it is waiting: when it is sent; while somebody sends it: when somebody else may.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>When it was taken, UTC, or null.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Why it was not taken the last time, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What happened, so that it is told of once: the run, or the day and the feed.</summary>
    internal string Occasion { get; init; } = "";

    /// <summary>The message as it was made; it stays the same when the run is forgotten.</summary>
    internal WatcherMessage Message { get; init; } = WatcherMessage.Empty;
}
