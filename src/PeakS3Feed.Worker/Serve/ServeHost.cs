using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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
using PeakS3Feed.Worker.Serve.Pages;

namespace PeakS3Feed.Worker.Serve;

/// <summary>The worker as a service: triggers and webhooks, on Kestrel and the generic host.</summary>
internal static class ServeHost
{
    // Beyond the time that runs have: what is left to do is to write down how they ended.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(30);

    // What was asked before it was to stop may be answered as long as runs go on, and so much longer.
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(3);

    private const long MostFormBytes = 16 * 1024;

    /// <summary>Serves until it is stopped, and then as long as runs under way may take.</summary>
    /// <param name="engine">The store to work on.</param>
    /// <param name="settings">How.</param>
    /// <param name="secrets">Resolves the token, the certificate's password and keys of signatures.</param>
    /// <param name="loggers">Is told what happens.</param>
    /// <param name="time">The clock.</param>
    /// <param name="started">Is told the addresses once it listens.</param>
    /// <param name="ended">Is told of each run that has ended.</param>
    /// <param name="stopping">Stops it.</param>
    public static async Task RunAsync(
        FeedEngine engine, ServeSettings settings, ISecretResolver secrets, ILoggerFactory loggers, TimeProvider time,
        Action<IEnumerable<string>> started, Action<RunResult> ended, CancellationToken stopping)
    {
        // What cannot be read now is an error, and what becomes so later is waited for.
        await engine.Store.ReadAsync(stopping);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        await ListenAsync(builder, settings, secrets, stopping);
        PageEndpoints.Add(builder.Services, await TokenAsync(settings, secrets, stopping));
        AddServices(builder.Services, engine, settings, secrets, loggers, time, ended);
        await using var app = builder.Build();
        app.Use(PageEndpoints.AddHeadersAsync);
        app.Use(new HostCheck(settings).InvokeAsync);
        app.Use(new ErrorAnswers(loggers, time).InvokeAsync);
        app.MapGet("/health", (Health health, CancellationToken cancellationToken) => health.GetAsync(cancellationToken));
        app.MapPost("/hooks/{id}", (string id, HookEndpoint hooks, HttpContext context) => hooks.PostAsync(id, context));
        PageEndpoints.Map(app);
        await StartAsync(app, settings, stopping);
        started(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stopping.UnsafeRegister(_ => over.TrySetResult(), null))
        await using (app.Lifetime.ApplicationStopping.UnsafeRegister(_ => over.TrySetResult(), null))
            await over.Task;
        await StopAsync(app);
    }

    private static async Task StartAsync(WebApplication app, ServeSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (ListenTrouble.Of(e) is { } code)
        {
            throw WorkerErrors.CannotListen(settings.Addresses, code, e);
        }
    }

    private static async Task StopAsync(WebApplication app)
    {
        var loops = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(s => s.ExecuteTask).OfType<Task>().ToList();
        using var cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, app.Services.GetRequiredService<TimeProvider>());
        var stopped = app.StopAsync(cut.Token);
        await Task.WhenAny(stopped, Task.WhenAll(loops));
        cut.CancelAfter(LastAnswers);
        await stopped;
        // The host stops when a loop fails, and would not say so.
        if (loops.Find(l => l.IsFaulted) is { } failed)
            await failed;
    }

    private static async Task<string?> TokenAsync(ServeSettings settings, ISecretResolver secrets, CancellationToken cancellationToken)
    {
        if (settings.Token is null)
            return null;
        var token = await secrets.ResolveAsync(SecretReference.Parse(settings.Token), cancellationToken);
        return token.Length < ServeRules.LeastToken ? throw WorkerErrors.TokenTooShort(settings.Token) : token;
    }

    private static async Task ListenAsync(WebApplicationBuilder builder, ServeSettings settings, ISecretResolver secrets, CancellationToken cancellationToken)
    {
        var certificate = settings.Certificate is null ? null : await CertificateFile.ReadAsync(settings, secrets, cancellationToken);
        builder.WebHost.UseKestrelHttpsConfiguration();
        // What is read of a request before anybody asks for it: the socket's part, and what TLS and HTTP/2 have made of it.
        builder.WebHost.UseSockets(sockets => sockets.MaxReadBufferSize = HookBody.SmallBytes);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // For the form of the sign-in. Webhooks take more; they count by themselves, and say why they refuse.
            kestrel.Limits.MaxRequestBodySize = MostFormBytes;
            kestrel.Limits.MaxRequestBufferSize = HookBody.SmallBytes;
            kestrel.Limits.Http2.InitialConnectionWindowSize = HookBody.SmallBytes;
            kestrel.Limits.Http2.InitialStreamWindowSize = HookBody.SmallBytes;
            foreach (var address in settings.Addresses)
                kestrel.Listen(address.Address, address.Port, listen => Secure(listen, address.Tls));
        });

        void Secure(ListenOptions listen, bool tls)
        {
            if (tls)
                listen.UseHttps(certificate!.Certificate, https => https.ServerCertificateChain = certificate.Chain);
        }
    }

    private static void AddServices(
        IServiceCollection services, FeedEngine engine, ServeSettings settings, ISecretResolver secrets, ILoggerFactory loggers, TimeProvider time, Action<RunResult> ended)
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
            return new TriggerService(engine, new TriggerServiceOptions { MostRuns = settings.Parallel, OnEnded = ended + watchers.OnEnded });
        });
        services.AddSingleton<Health>();
        services.AddSingleton<HookEndpoint>();
        services.AddSingleton<TriggerLoop>();
        services.AddHostedService(p => p.GetRequiredService<TriggerLoop>());
        services.AddHostedService<WatcherLoop>();
        services.Configure<HostOptions>(o =>
        {
            // All hear of the stop at once: else the loops would go on until the last request is answered.
            o.ServicesStopConcurrently = true;
            o.ShutdownTimeout = settings.StopLimit + LastWords;
        });
        if (WindowsServiceHelpers.IsWindowsService())
            services.AddWindowsService(o => o.ServiceName = "PeakS3Feed");
        else if (SystemdHelpers.IsSystemdService())
            services.AddSystemd();
        else
            services.AddSingleton<IHostLifetime, NoLifetime>(); // the program itself listens to signals
    }
}
