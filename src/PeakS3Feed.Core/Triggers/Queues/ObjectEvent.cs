namespace PeakS3Feed.Triggers.Queues;

/// <summary>What a message says about one object. It is a hint: the object may have changed since.</summary>
/// <param name="Kind">The event, for example <c>ObjectCreated:Put</c> or <c>Object Created</c>.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object's key, decoded.</param>
public sealed record ObjectEvent(string Kind, string Bucket, string Key)
{
    /// <summary>A hexadecimal number that is greater for a later event of the same key; null if the event has none.</summary>
    public string? Sequencer { get; init; }

    /// <summary>The version of the object in a bucket with versions, or null.</summary>
    public string? VersionId { get; init; }

    /// <summary>Whether it announces an object.</summary>
    public bool IsObjectCreated { get; init; }
}
