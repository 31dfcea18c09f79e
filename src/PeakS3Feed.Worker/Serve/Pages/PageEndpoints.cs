using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>The addresses of the pages, and what goes with each of their answers.</summary>
internal static class PageEndpoints
{
    /// <summary>Adds what the pages are made by.</summary>
    /// <param name="services">The services.</param>
    /// <param name="token">The token that they ask for, or null.</param>
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
        app.MapPost("/login", (Delegate)signIn.PostAsync); // else what it gives would be taken for nothing
        app.MapGet("/style.css", (StyleSheet style) => style.Get());
    }

    /// <summary>Nothing on our pages runs, comes from elsewhere, is framed or kept.</summary>
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
