using PeakS3Feed.Remedies;

namespace PeakS3Feed.Triggers.Queues;

/// <summary>Why a queue, or a message of it, cannot be read.</summary>
/// <param name="Queue">The queue's URL.</param>
/// <param name="Kind">The kind of problem.</param>
/// <param name="Subject">The id of the message, or of the other store; empty for the queue itself.</param>
/// <param name="Message">The problem, as a sentence.</param>
/// <param name="Hint">How to fix it, or null.</param>
public sealed record QueueProblem(string Queue, QueueProblemKind Kind, string Subject, string Message, string? Hint)
{
    /// <summary>Suggested commands, the most likely first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init => field = value.ToArray(); } = [];

    /// <summary>When it was found first, in UTC.</summary>
    public DateTimeOffset FirstAt { get; init; }

    /// <summary>When it was found last, in UTC.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>The error id.</summary>
    public string Id => Kind switch
    {
        QueueProblemKind.Message => "QueueMessageUnreadable",
        QueueProblemKind.OtherStore => "QueueShared",
        _ => "QueueUnreadable",
    };
}

/// <summary>The kinds of problems of a queue.</summary>
public enum QueueProblemKind
{
    /// <summary>The queue cannot be read.</summary>
    Queue,

    /// <summary>A message is not an event of S3.</summary>
    Message,

    /// <summary>Another store reads the queue, and so takes events that this one does not get.</summary>
    OtherStore,
}
