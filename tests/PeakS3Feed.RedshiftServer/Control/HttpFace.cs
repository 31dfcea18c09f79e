using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.RedshiftServer.DataApi;
using PeakS3Feed.TestServers;
using PeakS3Feed.TestServers.Control;

namespace PeakS3Feed.RedshiftServer.Control;

/// <summary>
/// The HTTP side of the server: the Data API and the services that grant logins at <c>/</c>, and the controls for tests in other processes
/// (<see cref="ControlRoutes"/>).
/// </summary>
internal sealed class HttpFace(
    DataApiService service, StatementStore statements, LoginService logins, RequestSignature signature, TestControls controls) : IAsyncDisposable
{
    private const string Data = "RedshiftData.";
    private const string Serverless = "RedshiftServerless.";
    private const string Json = "application/x-amz-json-1.1";

    private LoopbackServer? _server;

    public string Url { get; private set; } = "";

    public async Task StartAsync(int port, CancellationToken ct)
    {
        _server = await LoopbackServer.StartAsync(
            app =>
            {
                ControlRoutes.Map(app, controls, mode => statements.Tokens = mode);
                app.MapPost("/", AnswerAsync);
            },
            port, ct: ct);
        Url = _server.Url;
    }

    public async ValueTask DisposeAsync()
    {
        await statements.StopAsync();
        if (_server is not null)
            await _server.DisposeAsync();
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
            var after = await controls.ApplyAsync(
                Data + operation, r => DataApiException.Custom(r.State, r.Message), context.RequestAborted);
            var answer = await service.AnswerAsync(operation, document.RootElement, context.RequestAborted);
            return after is null ? answer : throw after;
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
