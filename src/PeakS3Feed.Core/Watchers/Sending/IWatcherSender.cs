using PeakS3Feed.Errors;

namespace PeakS3Feed.Watchers.Sending;

/// <summary>Sends messages.</summary>
internal interface IWatcherSender
{
    /// <summary>The time limit for one message: 30 seconds.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Sends a message, and completes when the receiver has accepted it.</summary>
    /// <exception cref="FeedException">The receiver did not accept it: <c>WatcherMailFailed</c>, <c>WatcherRequestFailed</c>,
    /// <c>WatcherRequestGone</c>, <c>WatcherInvalid</c>; or a secret is missing.</exception>
    Task SendAsync(S3FeedWatcher watcher, Guid id, WatcherMessage message, CancellationToken cancellationToken);
}
