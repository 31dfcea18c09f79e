using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.Worker.Serve.Hooks;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>
/// Lets in who has the token: with each request as <c>Authorization: Bearer</c>, or once in a form, which is then remembered by a cookie until the
/// browser or the worker ends. The cookie is a random number and says nothing of the token. Without a token everybody is let in.
/// </summary>
internal sealed class SignIn(string? token, TimeProvider time)
{
    private const string Cookie = "peaks3feed";
    private const int MostSessions = 1000;
    private const int SessionBytes = 32;

    private readonly byte[]? _token = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));
    private readonly ConcurrentDictionary<string, bool> _sessions = new(StringComparer.Ordinal);
    private readonly WrongSecrets _wrong = new(time);

    /// <summary>Passes a request for a page on, or leads to the form.</summary>
    public async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return IsIn(http.Request) ? await next(context) : Results.Redirect($"/login?to={Uri.EscapeDataString(http.Request.Path)}");
    }

    /// <summary>The form.</summary>
    public static IResult Form(string? to) => Page(to, trouble: null, StatusCodes.Status200OK);

    /// <summary>The form was sent.</summary>
    public async Task<IResult> PostAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        string? given = form["token"], to = form["to"];
        if (!IsToken(given))
            return _wrong.IsTooMany(context.Connection.RemoteIpAddress)
                ? Page(to, "Too many wrong tokens. Wait a minute.", StatusCodes.Status429TooManyRequests)
                : Page(to, "That is not the token.", StatusCodes.Status401Unauthorized);
        if (_sessions.Count >= MostSessions)
            _sessions.Clear();
        var session = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SessionBytes));
        _sessions[session] = true;
        context.Response.Cookies.Append(Cookie, session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/" });
        return Results.Redirect(IsOurs(to) ? to! : "/");
    }

    private bool IsIn(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        if (_token is null || (request.Cookies[Cookie] is { } session && _sessions.ContainsKey(session)))
            return true;
        return request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && IsToken(authorization[Bearer.Length..]);
    }

    private bool IsToken(string? given) => _token is not null && given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _token);

    // A path here, and not //elsewhere.
    private static bool IsOurs(string? to) => to is ['/'] || (to is ['/', not ('/' or '\\'), ..] && !to.Any(char.IsControl));

    private static IResult Page(string? to, string? trouble, int status) => PageLayout.Of(
        "Sign in",
        html =>
        {
            html.Raw("<h1>Sign in</h1>\n");
            if (trouble is not null)
                html.Element("p", trouble, "class=\"error\" role=\"alert\"").Raw("\n");
            html.Raw("<form method=\"post\" action=\"/login\">\n<p><label for=\"token\">The token that the worker was started with</label><br>\n")
                .Raw("<input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" required autofocus></p>\n<input type=\"hidden\" name=\"to\" value=\"")
                .Text(IsOurs(to) ? to : "/").Raw("\">\n<p><button>Sign in</button></p>\n</form>\n");
        },
        status: status);
}
