using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Secrets;
using PeakS3Feed.Worker.Serve.Hooks;
using PeakS3Feed.Worker.Serve.Pages;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Runs the worker as a service: triggers and webhooks, on Kestrel and the generic host.</summary>
internal static class ServeHost
{
    // Requests from before the stop may be answered while runs continue, and for this long afterwards.
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(3);

    /// <summary>Serves until stopped, and then until the current runs have ended or their time is over.</summary>
    /// <param name="engine">The store to work on.</param>
    /// <param name="settings">Addresses, certificate, token and limits.</param>
    /// <param name="secrets">Resolves the token, the certificate's password and the keys of signatures.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="started">Receives the addresses once the worker listens.</param>
    /// <param name="view">Creates the view of the run of a feed.</param>
    /// <param name="ended">Receives each run that has ended.</param>
    /// <param name="stopping">Stops the worker.</param>
    public static async Task RunAsync(
        FeedEngine engine, ServeSettings settings, ISecretResolver secrets, ILoggerFactory loggers, TimeProvider time,
        Action<IEnumerable<string>> started, Func<string, IRunView> view, Action<RunResult> ended, CancellationToken stopping)
    {
        // A store that is unreadable at the start is an error. If it becomes unreadable later, the worker waits for it.
        await engine.Store.ReadAsync(stopping);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        await ServeListener.ListenAsync(builder, settings, secrets, stopping);
        PageEndpoints.Add(builder.Services, await TokenAsync(settings, secrets, stopping));
        ServeServices.Add(builder.Services, engine, settings, secrets, loggers, time, view, ended);
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
        catch (Exception e) when (ServeListener.FindSocketError(e) is { } code)
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
        // When a loop fails, the host stops without an error.
        if (loops.Find(l => l.IsFaulted) is { } failed)
            await failed;
    }

    private static async Task<string?> TokenAsync(ServeSettings settings, ISecretResolver secrets, CancellationToken cancellationToken)
    {
        if (settings.Token is null)
            return null;
        var token = await secrets.ResolveAsync(SecretReference.Parse(settings.Token), cancellationToken);
        return token.Length < ServeRules.MinTokenLength ? throw WorkerErrors.TokenTooShort(settings.Token) : token;
    }
}
