using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

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

/// <summary>Sends messages as their watchers specify, within a time limit.</summary>
internal sealed class WatcherSender(ISecretResolver secrets, TimeProvider time, MailSender? mail = null) : IWatcherSender, IDisposable
{
    private readonly MailSender _mail = mail ?? new MailSender(secrets);
    private readonly RequestSender _requests = new(secrets, time);

    /// <inheritdoc/>
    public async Task SendAsync(S3FeedWatcher watcher, Guid id, WatcherMessage message, CancellationToken cancellationToken)
    {
        WatcherRules.ThrowIfInvalid(watcher);
        using var limit = new CancellationTokenSource(IWatcherSender.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await (watcher.Kind == WatcherKind.Email
                ? _mail.SendAsync(watcher, id, message, either.Token)
                : _requests.SendAsync(watcher, id, message, either.Token));
        }
        catch (Exception e) when (either.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is not FeedException)
        {
            throw WatcherErrors.TooSlow(watcher, IWatcherSender.Limit, e);
        }
    }

    public void Dispose() => _requests.Dispose();
}
