using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>A message that was received from a queue.</summary>
/// <param name="Id">Its id, the same each time it is received.</param>
/// <param name="Receipt">What deletes it, until it is received again.</param>
/// <param name="Body">Its text.</param>
internal sealed record ReceivedMessage(string Id, string Receipt, string Body);

/// <summary>Reads one SQS queue with the credentials of a connection. Throws exceptions of the SDK, which <see cref="ServiceFailure"/> reads.</summary>
internal interface IQueueClient : IDisposable
{
    /// <summary>Receives up to 10 messages. They stay in the queue, invisible for its visibility timeout.</summary>
    /// <param name="wait">How long to wait for a message, up to 20 seconds.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Deletes up to 10 messages.</summary>
    Task DeleteAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken);

    /// <summary>Returns the value of a tag of the queue, or null.</summary>
    Task<string?> GetTagAsync(string key, CancellationToken cancellationToken);

    /// <summary>Sets a tag of the queue.</summary>
    Task SetTagAsync(string key, string value, CancellationToken cancellationToken);
}
