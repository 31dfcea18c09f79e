using Microsoft.Extensions.Hosting;
using PeakS3Feed.Serving;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Tells watchers as long as the worker serves.</summary>
internal sealed class WatcherLoop(WatcherService service) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => service.RunAsync(stoppingToken);
}
