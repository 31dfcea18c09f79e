using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Worker.Serve.Hooks;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>
/// Requires the token: with each request as <c>Authorization: Bearer</c>, or once in a form, which sets a cookie that is valid until the
/// browser or the worker ends. The cookie is a random number and discloses nothing of the token. Without a token, every request passes. Wrong tokens
/// are counted, and refused with 429 if there are many. A correct token always passes.
/// </summary>
internal sealed class SignIn(string? token, TimeProvider time, ILogger<SignIn> logger)
{
    private const string Cookie = "peaks3feed";
    private const int MaxSessions = 1000;
    private const int SessionBytes = 32;

    private readonly byte[]? _token = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));
    private readonly ConcurrentDictionary<string, bool> _sessions = new(StringComparer.Ordinal);
    private readonly WrongSecrets _wrong = new(time);
    private readonly LogGate _gate = new(time);

    /// <summary>Passes a request for a page to the next handler, or redirects it to the form.</summary>
    public async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (_token is null || (http.Request.Cookies[Cookie] is { } session && _sessions.ContainsKey(session)))
            return await next(context);
        if (TokenOf(http.Request) is not { } given)
            return Results.Redirect($"/login?to={Uri.EscapeDataString(http.Request.Path)}");
        if (IsToken(given))
            return await next(context);
        return IsTooMany(http) ? Results.Text("Too many wrong tokens. Wait a minute.\n", statusCode: StatusCodes.Status429TooManyRequests)
            : Results.Text("The token is wrong.\n", statusCode: StatusCodes.Status401Unauthorized);
    }

    /// <summary>Returns the form.</summary>
    public static IResult Form(string? to) => Page(to, trouble: null, StatusCodes.Status200OK);

    /// <summary>Handles the submitted form.</summary>
    public async Task<IResult> PostAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        if (await ReadAsync(context) is not { } form)
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        string? given = form["token"], to = form["to"];
        if (!IsToken(given))
            return IsTooMany(context)
                ? Page(to, "Too many wrong tokens. Wait a minute.", StatusCodes.Status429TooManyRequests)
                : Page(to, "The token is wrong.", StatusCodes.Status401Unauthorized);
        if (_sessions.Count >= MaxSessions)
            _sessions.Clear();
        var session = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SessionBytes));
        _sessions[session] = true;
        context.Response.Cookies.Append(Cookie, session,
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/" });
        return Results.Redirect(IsOurs(to) ? to! : "/");
    }

    private static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or DecoderFallbackException)
        {
            return null;
        }
    }

    private bool IsTooMany(HttpContext context)
    {
        var from = context.Connection.RemoteIpAddress;
        var count = _wrong.Count(from);
        if (count == 1 && _gate.MaySucceed(out var last))
            logger.LogWarning("A sign-in from {Address} had a wrong token; further ones from there are omitted for this minute{Ending}", from,
                LogGate.Ending(last));
        if (count <= WrongSecrets.MaxPerMinute)
            return false;
        context.Response.Headers.RetryAfter = "60";
        return true;
    }

    private static string? TokenOf(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        return request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..] : null;
    }

    private bool IsToken(string? given)
        => _token is not null && given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _token);

    // A path of this site, not //elsewhere, with only the characters of a header.
    private static bool IsOurs(string? to) => to is ['/'] || (to is ['/', not ('/' or '\\'), ..] && to.All(c => c is > ' ' and <= '~'));

    private static IResult Page(string? to, string? trouble, int status) => PageLayout.Create(
        "Sign in",
        html =>
        {
            html.Raw("<h1>Sign in</h1>\n");
            if (trouble is not null)
                html.Element("p", trouble, "class=\"error\" role=\"alert\"").Raw("\n");
            html.Raw("<form method=\"post\" action=\"/login\">\n<p><label for=\"token\">The token that the worker was started with</label><br>\n")
                .Raw("<input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" required autofocus></p>\n")
                .Raw("<input type=\"hidden\" name=\"to\" value=\"")
                .Text(IsOurs(to) ? to : "/").Raw("\">\n<p><button>Sign in</button></p>\n</form>\n");
        },
        status: status);
}
