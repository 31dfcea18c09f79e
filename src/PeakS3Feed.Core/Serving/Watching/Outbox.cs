using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Serving.Watching;

/// <summary>Sends the messages that are due, several at once, and again where they were not taken.</summary>
internal sealed class Outbox(DeliveryLog log, DefinitionStore store, IWatcherSender sender, TimeProvider time, ILogger logger)
{
    /// <summary>How long a message is sent again and again before it is given up.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>How long a message is with the one who sends it: longer than sending may take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const int MaxAtOnce = 16;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), DeliveryLog.MaxPause];

    // Why each watcher could not tell the last time.
    private readonly Dictionary<Guid, string> _warned = [];

    /// <summary>Sends some of the messages that are due.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
        => await SendAsync(await log.LeaseAsync(MaxAtOnce, Lease, cancellationToken), cancellationToken);

    /// <summary>Sends these messages, and some that were due before, once.</summary>
    public async Task SendAsync(IReadOnlyList<Guid> first, CancellationToken cancellationToken)
    {
        var taken = await log.LeaseAsync(first, Lease, cancellationToken);
        var older = await log.LeaseAsync(MaxAtOnce, Lease, cancellationToken);
        await SendAsync([.. taken, .. older], cancellationToken);
    }

    // The watchers are looked up when the messages are ours: what was read before may not know one that is new.
    private async Task SendAsync(IReadOnlyList<S3FeedDelivery> taken, CancellationToken cancellationToken)
    {
        if (taken.Count == 0)
            return;
        var definitions = await store.ReadAsync(cancellationToken);
        await Task.WhenAll(taken.Select(d => SendAsync(d, definitions.FindWatcher(d.WatcherId), cancellationToken)));
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
            await (e.Id == WatcherErrors.Gone ? EndAsync(delivery, DeliveryState.Failed, e.Message) : AgainAsync(delivery, e.Message));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The receiver may have it by now, so it is not sent again at once.
            await AgainAsync(delivery, "whoever sent it had no more time to wait for an answer");
        }
        catch (Exception e)
        {
            Warn(watcher, e.Message, hint: null);
            await AgainAsync(delivery, e.Message);
        }
    }

    private Task AgainAsync(S3FeedDelivery delivery, string error)
    {
        var next = time.GetUtcNow() + Pauses[Math.Min(delivery.Attempts, Pauses.Length) - 1];
        return next - delivery.MadeAt <= Kept
            ? log.CompleteAsync(delivery, DeliveryState.Waiting, next, error, CancellationToken.None)
            : EndAsync(delivery, DeliveryState.Failed, error);
    }

    private Task EndAsync(S3FeedDelivery delivery, DeliveryState state, string? error)
        => log.CompleteAsync(delivery, state, time.GetUtcNow(), error, CancellationToken.None);

    // Once, and not with every message.
    private void Warn(S3FeedWatcher watcher, string reason, string? hint)
    {
        lock (_warned)
        {
            if (_warned.TryGetValue(watcher.Id, out var last) && last == reason)
                return;
            _warned[watcher.Id] = reason;
        }
        logger.LogWarning("Watcher {Watcher} could not tell: {Reason} {Hint}", watcher.Name, reason, hint);
    }
}
