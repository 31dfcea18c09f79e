namespace PeakS3Feed.Triggers.Arrivals;

/// <summary>An object that a queue has announced for a trigger, until a run has seen it.</summary>
/// <param name="TriggerId">The trigger.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Sequencer">The sequencer of its latest event, or null.</param>
public sealed record Arrival(Guid TriggerId, string Bucket, string Key, string? Sequencer);

/// <summary>The arrivals of some triggers that were recorded up to one moment.</summary>
/// <param name="TriggerIds">The triggers.</param>
/// <param name="Number">The number of the last of these arrivals.</param>
public sealed record ArrivalMark(IReadOnlyList<Guid> TriggerIds, long Number);
