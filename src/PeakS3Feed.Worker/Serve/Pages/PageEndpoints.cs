using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>The routes of the pages, and the headers of their answers.</summary>
internal static class PageEndpoints
{
    /// <summary>Registers the services of the pages.</summary>
    /// <param name="services">The services.</param>
    /// <param name="token">The token that the pages require, or null.</param>
    public static void Add(IServiceCollection services, string? token)
    {
        services.AddSingleton(p => new SignIn(token, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<SignIn>>()));
        services.AddSingleton<FeedStates>();
        services.AddSingleton<FeedsPage>();
        services.AddSingleton<RunPage>();
        services.AddSingleton<StyleSheet>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        var signIn = app.ServiceProvider.GetRequiredService<SignIn>();
        var pages = app.MapGroup("/").AddEndpointFilter(signIn.FilterAsync);
        pages.MapGet("", (FeedsPage page, CancellationToken cancellationToken) => page.GetAsync(cancellationToken));
        pages.MapGet("runs/{id:guid}",
            (Guid id, int? from, RunPage page, CancellationToken cancellationToken) => page.GetAsync(id, from, cancellationToken));
        app.MapGet("/login", (string? to) => SignIn.Form(to));
        app.MapPost("/login", (Delegate)signIn.PostAsync); // without the cast, ASP.NET would ignore the returned result
        app.MapGet("/style.css", (StyleSheet style) => style.Get());
    }

    /// <summary>Adds headers: the pages run no scripts, load nothing from elsewhere, cannot be framed and are not cached.</summary>
    public static Task AddHeadersAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        return next(context);
    }
}
