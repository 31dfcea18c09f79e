using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Serving.Queues;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Serving;

/// <summary>Reads the queues of a store, each with one reader: continuously in a service, or once for a tick.</summary>
/// <param name="engine">The store.</param>
/// <param name="arrived">Is called when messages were recorded.</param>
/// <param name="logger">Logs problems.</param>
internal sealed class QueueReaders(FeedEngine engine, Action arrived, ILogger logger)
{
    // The longest that SQS allows. An answer comes as soon as there is a message.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(20);

    // A request without any wait asks only some of the servers of SQS, and may miss messages.
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    // A scheduler starts the next tick after a minute.
    private static readonly TimeSpan MaxTick = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (Task Task, CancellationTokenSource Stop)> _readers = new(StringComparer.Ordinal);

    /// <summary>Starts a reader for each queue that has none, and stops those of other queues. One caller at a time.</summary>
    /// <param name="stopping">Ends the readers that are started.</param>
    public async Task FollowAsync(CancellationToken stopping)
    {
        var queues = QueueTriggers.FindQueues(await engine.Store.ReadAsync(stopping), filter: null);
        foreach (var gone in _readers.Keys.Where(q => !queues.Contains(q)).ToList())
            await StopAsync(gone);
        foreach (var queue in queues.Where(q => !_readers.ContainsKey(q)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _readers[queue] = (Task.Run(() => ReadOnAsync(queue, stop.Token), CancellationToken.None), stop);
        }
    }

    /// <summary>Stops all readers.</summary>
    public async Task StopAsync()
    {
        foreach (var queue in _readers.Keys.ToList())
            await StopAsync(queue);
    }

    /// <summary>Reads what is in the queues now, for at most 30 seconds.</summary>
    /// <param name="filter">The triggers whose queues are read; null for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task ReadOnceAsync(Predicate<S3FeedTrigger>? filter, CancellationToken cancellationToken)
    {
        var queues = QueueTriggers.FindQueues(await engine.Store.ReadAsync(cancellationToken), filter);
        await Task.WhenAll(queues.Select(q => ReadOnceAsync(q, cancellationToken)));
    }

    private async Task ReadOnceAsync(string queue, CancellationToken cancellationToken)
    {
        using var reader = new QueueReader(queue, engine, logger);
        var start = engine.Options.Time.GetTimestamp();
        while (await reader.TryReadAsync(ShortWait, cancellationToken) is { Deleted: > 0 } && engine.Options.Time.GetElapsedTime(start) < MaxTick)
        {
            // The queue may have more messages.
        }
    }

    private async Task StopAsync(string queue)
    {
        if (!_readers.Remove(queue, out var reader))
            return;
        await reader.Stop.CancelAsync();
        await reader.Task;
        reader.Stop.Dispose();
    }

    private async Task ReadOnAsync(string queue, CancellationToken stopping)
    {
        using var reader = new QueueReader(queue, engine, logger);
        var pause = FirstPause;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var read = await ReadAsync(reader, stopping);
                if (read is { Deleted: > 0 })
                    arrived();
                // After a failure, and if a message that nobody can read appears again at once.
                if (read is null or { Received: > 0, Deleted: 0 })
                    await Task.Delay(pause, engine.Options.Time, stopping);
                pause = read is null ? TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, MaxPause.Ticks)) : FirstPause;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The reader was stopped. Messages that it has not deleted appear again.
        }
    }

    private async Task<QueueReading?> ReadAsync(QueueReader reader, CancellationToken stopping)
    {
        try
        {
            return await reader.TryReadAsync(LongWait, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            // The store cannot be written, so the problem cannot be recorded either.
            logger.LogError("A queue cannot be read: {Reason}", e.Message);
            return null;
        }
    }
}
