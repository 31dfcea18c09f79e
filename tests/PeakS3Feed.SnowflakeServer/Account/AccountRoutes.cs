using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.TestServers.Control;

namespace PeakS3Feed.SnowflakeServer.Account;

/// <summary>A login that a test adds.</summary>
/// <param name="User">The user.</param>
/// <param name="PublicKey">A public key in PEM; null for none.</param>
/// <param name="OAuthToken">An OAuth access token; null for none.</param>
/// <param name="AccessToken">A programmatic access token; null for none.</param>
internal sealed record AddedLogin(string User, string? PublicKey, string? OAuthToken, string? AccessToken);

/// <summary>A schema that a test adds or drops.</summary>
internal sealed record AddedSchema(string Database, string Schema);

/// <summary>
/// What tests in other processes set: <c>POST /control/logins</c>, <c>/control/schemas</c>, <c>/control/stages</c>, <c>/control/warehouses</c>,
/// <c>/control/roles/{role}</c>; <c>DELETE /control/schemas/{database}/{schema}</c>; and <c>GET /control/requests</c>, which counts them.
/// </summary>
internal sealed class AccountRoutes(SnowflakeStandIn server)
{
    public void Map(WebApplication app)
    {
        app.MapPost("/control/logins", async c => Add(c, await ControlRoutes.ReadAsync<AddedLogin>(c)));
        app.MapPost("/control/stages", async c => Done(c, server.Account.Add, await ControlRoutes.ReadAsync<SnowflakeStage>(c)));
        app.MapPost("/control/warehouses", async c => Done(c, server.Account.Add, await ControlRoutes.ReadAsync<SnowflakeWarehouse>(c)));
        app.MapPost("/control/roles/{role}", (string role) => server.Account.Add(role));
        app.MapPost("/control/schemas", async c =>
        {
            var schema = await ControlRoutes.ReadAsync<AddedSchema>(c);
            await server.CreateSchemaAsync(schema.Database, schema.Schema, c.RequestAborted);
            c.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        app.MapDelete("/control/schemas/{database}/{schema}", (string database, string schema) => server.DropSchemaAsync(database, schema));
        app.MapGet("/control/requests", () => server.Requests.ToDictionary(r => r.Key.ToString(), r => r.Value, StringComparer.Ordinal)
            .Append(new("Bytes", server.RequestBytes)).ToDictionary(StringComparer.Ordinal));
    }

    private void Add(HttpContext context, AddedLogin login)
    {
        var logins = server.Account.Logins;
        if (login.PublicKey is not null)
            logins.AddKey(login.User, login.PublicKey);
        if (login.OAuthToken is not null)
            logins.AddOAuthToken(login.User, login.OAuthToken);
        if (login.AccessToken is not null)
            logins.AddAccessToken(login.User, login.AccessToken);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static void Done<T>(HttpContext context, Action<T> add, T item)
    {
        add(item);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
