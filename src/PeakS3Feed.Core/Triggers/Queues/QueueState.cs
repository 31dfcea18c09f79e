namespace PeakS3Feed.Triggers.Queues;

/// <summary>The state of the queue of a trigger.</summary>
/// <param name="LastMessageAt">When a message last arrived, in UTC; null if none has. A message that cannot be read does not count.</param>
/// <param name="Problems">Its problems of the last day, in the order in which they were found first.</param>
public sealed record QueueState(DateTimeOffset? LastMessageAt, IReadOnlyList<QueueProblem> Problems);
