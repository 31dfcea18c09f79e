using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Sends messages that are due, several at a time, and repeats failed attempts after increasing delays.</summary>
internal sealed class Outbox(DeliveryLog log, DefinitionStore store, IWatcherSender sender, TimeProvider time, ILogger logger)
{
    /// <summary>The age after which a message is not sent again: 24 hours.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    /// <summary>The time for which one process has a message to itself. Sending takes less.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const int MaxAtOnce = 16;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), DeliveryLog.MaxPause];

    // The last failure of each watcher.
    private readonly Dictionary<Guid, string> _warned = [];

    /// <summary>Sends up to 16 messages that are due.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
        => await SendAsync(await log.LeaseAsync(MaxAtOnce, Lease, cancellationToken), cancellationToken);

    /// <summary>Makes one attempt for these messages, and for up to 16 others that are due.</summary>
    public async Task SendAsync(IReadOnlyList<Guid> first, CancellationToken cancellationToken)
    {
        var leased = await log.LeaseAsync(first, Lease, cancellationToken);
        var older = await log.LeaseAsync(MaxAtOnce, Lease, cancellationToken);
        await SendAsync([.. leased, .. older], cancellationToken);
    }

    // Reads the watchers after the messages are leased: definitions that were read earlier may lack a new watcher.
    private async Task SendAsync(IReadOnlyList<S3FeedDelivery> leased, CancellationToken cancellationToken)
    {
        if (leased.Count == 0)
            return;
        var definitions = await store.ReadAsync(cancellationToken);
        await Task.WhenAll(leased.Select(d => SendAsync(d, definitions.FindWatcher(d.WatcherId), cancellationToken)));
    }

    private async Task SendAsync(S3FeedDelivery delivery, S3FeedWatcher? watcher, CancellationToken cancellationToken)
    {
        if (watcher is not { Enabled: true })
        {
            await EndAsync(delivery, DeliveryState.Failed, watcher is null ? "the watcher was removed" : "the watcher is disabled");
            return;
        }
        try
        {
            await sender.SendAsync(watcher, delivery.Id, delivery.Message, cancellationToken);
            await EndAsync(delivery, DeliveryState.Delivered, error: null);
            lock (_warned)
                _warned.Remove(watcher.Id);
        }
        catch (FeedException e)
        {
            Warn(watcher, e.Message, e.Hint);
            await (e.Id == WatcherErrors.Gone ? EndAsync(delivery, DeliveryState.Failed, e.Message) : RetryAsync(delivery, e.Message));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The receiver may already have the message, so the next attempt waits.
            await RetryAsync(delivery, "the process that sent it stopped before an answer arrived");
        }
        catch (Exception e)
        {
            Warn(watcher, e.Message, hint: null);
            await RetryAsync(delivery, e.Message);
        }
    }

    private Task RetryAsync(S3FeedDelivery delivery, string error)
    {
        var next = time.GetUtcNow() + Pauses[Math.Min(delivery.Attempts, Pauses.Length) - 1];
        return next - delivery.MadeAt <= MaxAge
            ? log.CompleteAsync(delivery, DeliveryState.Waiting, next, error, CancellationToken.None)
            : EndAsync(delivery, DeliveryState.Failed, error);
    }

    private Task EndAsync(S3FeedDelivery delivery, DeliveryState state, string? error)
        => log.CompleteAsync(delivery, state, time.GetUtcNow(), error, CancellationToken.None);

    // Logs a reason once, not for every message.
    private void Warn(S3FeedWatcher watcher, string reason, string? hint)
    {
        lock (_warned)
        {
            if (_warned.TryGetValue(watcher.Id, out var last) && last == reason)
                return;
            _warned[watcher.Id] = reason;
        }
        logger.LogWarning("Watcher {Watcher} could not send a message: {Reason} {Hint}", watcher.Name, reason, hint);
    }
}
