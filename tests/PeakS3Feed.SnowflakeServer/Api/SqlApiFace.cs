using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.TestServers.SnowflakeApi;

namespace PeakS3Feed.SnowflakeServer.Api;

/// <summary>
/// The SQL API. To the rules of tests, its calls are <c>SnowflakeApi.Submit</c>, <c>SnowflakeApi.Poll</c>, <c>SnowflakeApi.Partition</c> and
/// <c>SnowflakeApi.Cancel</c>, each with a space and the text of the statement behind it.
/// </summary>
internal sealed class SqlApiFace(SnowflakeAccount account, StatementStore statements, TestControls controls, RequestCounter requests)
{
    private static readonly string[] Parameters = ["requestId", "retry", "async", "nullable"];

    /// <summary>After how long a synchronous request is answered with 202.</summary>
    public TimeSpan SyncWait { get; set; }

    /// <summary>How many rows a partition of a result has.</summary>
    public int PartitionRows { get; set; }

    public void Map(WebApplication app)
    {
        app.MapPost("/api/v2/statements", c => AnswerAsync(c, SubmitAsync));
        app.MapGet("/api/v2/statements/{handle}", c => AnswerAsync(c, PollAsync));
        app.MapPost("/api/v2/statements/{handle}/cancel", c => AnswerAsync(c, CancelAsync));
    }

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, string, Task> answer)
    {
        try
        {
            await answer(context, CheckHeaders(context.Request));
        }
        catch (DroppedException)
        {
            context.Abort();
        }
        catch (LoginException e)
        {
            requests.Count(RequestKind.Refused);
            await Answers.FailedAsync(context, SqlApiException.LoginFailed(e.Code, e.Message));
        }
        catch (SqlApiException e)
        {
            await Answers.FailedAsync(context, e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            await Answers.FailedAsync(context, SqlApiException.BadRequest(e.Message));
        }
    }

    private string CheckHeaders(HttpRequest request)
    {
        var user = account.Logins.Check(
            request.Headers.Authorization.ToString(), request.Headers["X-Snowflake-Authorization-Token-Type"].ToString());
        if (request.Headers.UserAgent.Count == 0)
            throw SqlApiException.BadRequest("The header User-Agent is missing.");
        return request.Headers.Accept.ToString().Split(',').Any(a => a.Trim() is "application/json" or "*/*")
            ? user
            : throw SqlApiException.BadRequest("The header Accept names neither application/json nor */*.");
    }

    private async Task SubmitAsync(HttpContext context, string user)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        requests.Count(RequestKind.Submit, bytes.Length);
        if (context.Request.ContentType?.Split(';')[0] != "application/json")
            throw SqlApiException.BadRequest("The header Content-Type is not application/json.");
        if (context.Request.Query.Keys.FirstOrDefault(k => !Parameters.Contains(k, StringComparer.Ordinal)) is { } other)
            throw SqlApiException.BadRequest($"The stand-in does not know the parameter {other}.");
        using var body = JsonDocument.Parse(bytes.ToArray());
        var request = RequestBody.Read(body.RootElement, user, account);
        var after = await ApplyAsync("Submit", request.Statement, context);
        var statement = statements.Submit(request, RequestId(context.Request), Flag(context.Request, "retry"));
        if (after is not null)
        {
            await statement.Ended.Task.WaitAsync(context.RequestAborted);
            throw after;
        }
        if (Flag(context.Request, "async"))
        {
            await Answers.RunningAsync(context, statement);
            return;
        }
        await WaitAsync(statement, context.RequestAborted);
        await StateAsync(context, statement, StatusCodes.Status408RequestTimeout);
    }

    private async Task PollAsync(HttpContext context, string user)
    {
        var statement = Find(context);
        var partition = context.Request.Query["partition"].ToString();
        if (partition.Length == 0 || partition == "0")
        {
            requests.Count(RequestKind.Poll);
            ThrowIfAsked(await ApplyAsync("Poll", statement.Request.Statement, context));
            await StateAsync(context, statement, StatusCodes.Status422UnprocessableEntity);
            return;
        }
        requests.Count(RequestKind.Partition);
        ThrowIfAsked(await ApplyAsync("Partition", statement.Request.Statement, context));
        if (statement.Result is null || !int.TryParse(partition, CultureInfo.InvariantCulture, out var number) || number < 0)
            throw SqlApiException.BadRequest($"There is no partition {partition}.");
        await Answers.PartitionAsync(context, statement.Result, number, PartitionRows);
    }

    private async Task CancelAsync(HttpContext context, string user)
    {
        var statement = Find(context);
        requests.Count(RequestKind.Cancel);
        var after = await ApplyAsync("Cancel", statement.Request.Statement, context);
        if (statement.HasEnded)
            throw SqlApiException.Refused("000709", "02000", $"Statement {statement.Handle} has ended");
        await statement.Cancellation.CancelAsync();
        ThrowIfAsked(after);
        await Answers.CancelledAsync(context, statement);
    }

    private Task StateAsync(HttpContext context, ApiStatement statement, int timedOut)
    {
        if (!statement.HasEnded)
            return Answers.RunningAsync(context, statement);
        return statement.Result is null
            ? Answers.FailedAsync(context, statement, statement.TimedOut ? timedOut : StatusCodes.Status422UnprocessableEntity)
            : Answers.ResultAsync(context, statement, PartitionRows);
    }

    private ApiStatement Find(HttpContext context) => statements.Find((string)context.Request.RouteValues["handle"]!);

    private Task<Exception?> ApplyAsync(string call, string statement, HttpContext context) => controls.ApplyAsync(
        $"{CallRules.Calls}{call} {statement}",
        r => new SqlApiException(
            r.Status == 0 ? StatusCodes.Status503ServiceUnavailable : r.Status, r.Code.Length == 0 ? "390114" : r.Code, r.State, r.Message)
        {
            RetryAfter = r.RetryAfter,
        },
        context.RequestAborted,
        CallRules.IsForCalls);

    private async Task WaitAsync(ApiStatement statement, CancellationToken ct)
    {
        try
        {
            await statement.Ended.Task.WaitAsync(SyncWait, ct);
        }
        catch (TimeoutException)
        {
            // The caller asks again.
        }
    }

    private static void ThrowIfAsked(Exception? after)
    {
        if (after is not null)
            throw after;
    }

    private static Guid? RequestId(HttpRequest request)
    {
        var text = request.Query["requestId"].ToString();
        return text.Length == 0 ? null
            : Guid.TryParseExact(text, "D", out var id) ? id
            : throw SqlApiException.BadRequest("The request id is not a UUID.");
    }

    private static bool Flag(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        var other => throw SqlApiException.BadRequest($"{name}={other} is neither true nor false."),
    };
}
