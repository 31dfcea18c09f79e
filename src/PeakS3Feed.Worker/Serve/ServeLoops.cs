using Microsoft.Extensions.Hosting;
using PeakS3Feed.Serving;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Fires triggers as long as the worker serves. When it is to stop, runs under way have time to end, and are cancelled then.</summary>
internal sealed class TriggerLoop(TriggerService service, ServeSettings settings, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var aborting = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var registration = stoppingToken.Register(() => aborting.CancelAfter(settings.StopLimit));
        await service.RunAsync(stoppingToken, aborting.Token);
    }
}

/// <summary>Tells watchers as long as the worker serves, and, when it stops, of the runs that end meanwhile.</summary>
internal sealed class WatcherLoop(WatcherService service, TriggerLoop triggers, TimeProvider time) : BackgroundService
{
    // For a receiver that hangs.
    private static readonly TimeSpan LastMessages = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ended = new CancellationTokenSource();
        using var aborting = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var telling = service.RunBesideAsync(ended.Token, aborting.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);
        // Whether it failed is for the host to say.
        await Task.WhenAny(triggers.ExecuteTask ?? Task.CompletedTask);
        await ended.CancelAsync();
        aborting.CancelAfter(LastMessages);
        try
        {
            await telling;
        }
        catch (OperationCanceledException) when (aborting.IsCancellationRequested)
        {
            // What was not taken is sent again by whoever comes next.
        }
    }
}
