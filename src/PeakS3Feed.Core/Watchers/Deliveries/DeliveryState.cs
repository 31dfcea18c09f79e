namespace PeakS3Feed.Watchers.Deliveries;

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
