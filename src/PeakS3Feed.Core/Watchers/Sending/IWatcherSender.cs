using PeakS3Feed.Errors;

namespace PeakS3Feed.Watchers.Sending;

/// <summary>Sends messages.</summary>
internal interface IWatcherSender
{
    /// <summary>How long a message may take.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Sends a message; ends when the receiver has taken it.</summary>
    /// <exception cref="FeedException">It was not taken: <c>WatcherMailFailed</c>, <c>WatcherRequestFailed</c>, <c>WatcherRequestGone</c>, <c>WatcherInvalid</c>; a secret is missing.</exception>
    Task SendAsync(S3FeedWatcher watcher, Guid id, WatcherMessage message, CancellationToken cancellationToken);
}
