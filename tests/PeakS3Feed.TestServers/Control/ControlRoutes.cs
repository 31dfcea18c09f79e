using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.TestServers.Control;

/// <summary>
/// The controls of a stand-in over HTTP, for tests in other processes: <c>/control/rules</c> (POST a rule, DELETE by name),
/// <c>GET /control/statements</c> and <c>POST /control/tokens/{mode}</c>.
/// </summary>
public static class ControlRoutes
{
    /// <summary>How the bodies of these requests are read.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Adds the routes.</summary>
    /// <param name="app">The server.</param>
    /// <param name="controls">The rules and statements.</param>
    /// <param name="setTokens">Sets what the service makes of a token that it has seen.</param>
    public static void Map(WebApplication app, TestControls controls, Action<TokenMode> setTokens)
    {
        app.MapGet("/control/statements", () => controls.Statements);
        app.MapPost("/control/rules", async context =>
        {
            controls.Add(await ReadAsync<ControlRule>(context));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        app.MapDelete("/control/rules/{name}", (string name) => controls.Release(name) ? Results.NoContent() : Results.NotFound());
        app.MapPost("/control/tokens/{mode}", (TokenMode mode) => setTokens(mode));
    }

    /// <summary>The body of a request.</summary>
    public static async Task<T> ReadAsync<T>(HttpContext context)
        => (await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Options, context.RequestAborted))!;
}
