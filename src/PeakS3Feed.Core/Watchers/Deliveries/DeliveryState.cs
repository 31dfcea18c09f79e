namespace PeakS3Feed.Watchers.Deliveries;

/// <summary>How a message of a watcher stands.</summary>
public enum DeliveryState
{
    /// <summary>It is to be sent, for the first time or again.</summary>
    Waiting,

    /// <summary>Somebody is sending it.</summary>
    Sending,

    /// <summary>It was taken.</summary>
    Delivered,

    /// <summary>It was given up.</summary>
    Failed,
}
