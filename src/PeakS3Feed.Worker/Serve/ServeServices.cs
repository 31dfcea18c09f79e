using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Secrets;
using PeakS3Feed.Serving;
using PeakS3Feed.Worker.Serve.Hooks;

namespace PeakS3Feed.Worker.Serve;

/// <summary>The services of the worker's host.</summary>
internal static class ServeServices
{
    // The time after the limit of runs, to record the end of each run.
    private static readonly TimeSpan RecordingTime = TimeSpan.FromSeconds(30);

    /// <summary>Registers the engine, the loops and the endpoints.</summary>
    public static void Add(
        IServiceCollection services, FeedEngine engine, ServeSettings settings, ISecretResolver secrets, ILoggerFactory loggers, TimeProvider time,
        Func<string, IRunView> view, Action<RunResult> ended)
    {
        services.AddSingleton<ILoggerFactory>(new HostLoggers(loggers, time));
        services.AddSingleton(engine);
        services.AddSingleton(settings);
        services.AddSingleton(secrets);
        services.AddSingleton(time);
        services.AddSingleton(new DefinitionsCache(engine.Store));
        services.AddSingleton(_ => new WatcherService(engine));
        services.AddSingleton(p =>
        {
            var watchers = p.GetRequiredService<WatcherService>();
            return new TriggerService(engine, new TriggerServiceOptions
            {
                MaxRuns = settings.Parallel,
                MaxParallelism = settings.MaxParallelism,
                View = view,
                OnEnded = ended + watchers.OnEnded,
            });
        });
        services.AddSingleton<Health>();
        services.AddSingleton<HookEndpoint>();
        services.AddSingleton<TriggerLoop>();
        services.AddHostedService(p => p.GetRequiredService<TriggerLoop>());
        services.AddHostedService<WatcherLoop>();
        services.Configure<HostOptions>(o =>
        {
            // All services stop at the same time. Otherwise the loops would continue until the last request is answered.
            o.ServicesStopConcurrently = true;
            o.ShutdownTimeout = settings.StopLimit + RecordingTime;
        });
        if (WindowsServiceHelpers.IsWindowsService())
            services.AddWindowsService(o => o.ServiceName = "PeakS3Feed");
        else if (SystemdHelpers.IsSystemdService())
            services.AddSystemd();
        else
            services.AddSingleton<IHostLifetime, NoLifetime>(); // the program itself handles signals
    }
}

/// <summary>Ignores the signals of the process; the program handles them.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
