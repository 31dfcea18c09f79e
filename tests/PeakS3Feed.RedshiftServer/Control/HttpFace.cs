using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeakS3Feed.RedshiftServer.DataApi;

namespace PeakS3Feed.RedshiftServer.Control;

/// <summary>
/// The HTTP side of the server: the Data API and the services that grant logins at <c>/</c>, and for tests in other processes <c>/control/rules</c> (POST a rule, DELETE by name),
/// <c>/control/statements</c> and <c>/control/tokens/{mode}</c>.
/// </summary>
internal sealed class HttpFace(
    DataApiService service, StatementStore statements, LoginService logins, RequestSignature signature, TestControls controls) : IAsyncDisposable
{
    private const string Data = "RedshiftData.";
    private const string Serverless = "RedshiftServerless.";
    private const string Json = "application/x-amz-json-1.1";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private WebApplication? _server;

    public string Url { get; private set; } = "";

    public async Task StartAsync(int port, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, port, o => o.Protocols = HttpProtocols.Http1));
        _server = builder.Build();
        _server.MapGet("/control/statements", () => controls.Statements);
        _server.MapPost("/control/rules", AddRuleAsync);
        _server.MapDelete("/control/rules/{name}", (string name) => controls.Release(name) ? Results.NoContent() : Results.NotFound());
        _server.MapPost("/control/tokens/{mode}", (TokenMode mode) => { statements.Tokens = mode; });
        _server.MapPost("/", AnswerAsync);
        await _server.StartAsync(ct);
        Url = _server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
    }

    public async ValueTask DisposeAsync()
    {
        await statements.StopAsync();
        if (_server is null)
            return;
        using var quick = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _server.StopAsync(quick.Token);
        await _server.DisposeAsync();
    }

    private async Task AddRuleAsync(HttpContext context)
    {
        var rule = await JsonSerializer.DeserializeAsync<ControlRule>(context.Request.Body, Options, context.RequestAborted);
        controls.Add(rule!);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        var isForm = context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) is true;
        try
        {
            if (isForm)
            {
                signature.Check(context.Request, bytes.ToArray(), "redshift");
                await WriteAsync(context, StatusCodes.Status200OK, "text/xml", logins.AnswerQuery(Encoding.UTF8.GetString(bytes.ToArray())));
                return;
            }
            var answer = await AnswerJsonAsync(context, bytes.ToArray());
            await WriteAsync(context, StatusCodes.Status200OK, Json, JsonSerializer.Serialize(answer));
        }
        catch (DroppedException)
        {
            context.Abort();
        }
        catch (DataApiException e) when (isForm)
        {
            await WriteAsync(context, e.Status, "text/xml", LoginService.Error(e));
        }
        catch (DataApiException e)
        {
            await WriteAsync(context, e.Status, Json, JsonSerializer.Serialize(new { __type = e.Type, message = e.Message }));
        }
    }

    private async Task<object> AnswerJsonAsync(HttpContext context, byte[] body)
    {
        var target = context.Request.Headers["x-amz-target"].ToString();
        var isServerless = target.StartsWith(Serverless, StringComparison.Ordinal);
        signature.Check(context.Request, body, isServerless ? "redshift-serverless" : "redshift-data");
        if (!isServerless && !target.StartsWith(Data, StringComparison.Ordinal))
            throw DataApiException.UnknownOperation(target);
        if (context.Request.ContentType != Json)
            throw DataApiException.Serialization($"The content type must be {Json}.");
        try
        {
            using var document = JsonDocument.Parse(body);
            if (isServerless)
                return logins.AnswerServerless(target[Serverless.Length..], document.RootElement);
            var operation = target[Data.Length..];
            var rule = await controls.BeforeCallAsync(operation, context.RequestAborted);
            var answer = await service.AnswerAsync(operation, document.RootElement, context.RequestAborted);
            return rule is null ? answer : throw new DroppedException();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw DataApiException.Serialization(e.Message);
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, string answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer), context.RequestAborted);
    }
}
