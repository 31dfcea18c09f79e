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
