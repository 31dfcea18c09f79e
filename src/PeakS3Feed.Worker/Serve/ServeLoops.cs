using Microsoft.Extensions.Hosting;
using PeakS3Feed.Serving;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Fires triggers while the worker serves. After a stop request, current runs have time to end; then they are cancelled.</summary>
internal sealed class TriggerLoop(TriggerService service, ServeSettings settings, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var aborting = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var registration = stoppingToken.Register(() => aborting.CancelAfter(settings.StopLimit));
        await service.RunAsync(stoppingToken, aborting.Token);
    }
}

/// <summary>Notifies watchers while the worker serves, and of the runs that end while it stops.</summary>
internal sealed class WatcherLoop(WatcherService service, TriggerLoop triggers, TimeProvider time) : BackgroundService
{
    // The time limit of the last messages, for a receiver that does not answer.
    private static readonly TimeSpan LastMessages = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ended = new CancellationTokenSource();
        using var aborting = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var notifying = service.RunBesideAsync(ended.Token, aborting.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);
        // Ignores the outcome; the host reports a failure.
        await Task.WhenAny(triggers.ExecuteTask ?? Task.CompletedTask);
        await ended.CancelAsync();
        aborting.CancelAfter(LastMessages);
        try
        {
            await notifying;
        }
        catch (OperationCanceledException) when (aborting.IsCancellationRequested)
        {
            // The next process sends the messages that were not delivered.
        }
    }
}
