using Microsoft.Extensions.Hosting;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Leaves the signals of the process to the program.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
