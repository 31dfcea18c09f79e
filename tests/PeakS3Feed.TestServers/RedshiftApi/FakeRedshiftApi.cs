using System.Collections.Concurrent;
using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.TestServers.RedshiftApi;

/// <summary>
/// The Data API, GetClusterCredentials, GetClusterCredentialsWithIAM and the GetCredentials of serverless workgroups, in memory, on a loopback port of
/// its own. It checks signatures, and fails on demand.
/// <code>
/// await using var api = await FakeRedshiftApi.StartAsync();
/// api.Keys["AKIAFAKE"] = ("secret", null);
/// api.Fail("DescribeStatement", ApiFault.Throttling, times: 2);
/// </code>
/// </summary>
public sealed class FakeRedshiftApi : IAsyncDisposable
{
    private readonly ConcurrentQueue<ApiRequest> _requests = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ApiFault>> _faults = new(StringComparer.Ordinal);
    private LoopbackServer? _server;
    private int _issued;

    private FakeRedshiftApi()
    {
    }

    /// <summary>Its address: <c>http://127.0.0.1:port</c>.</summary>
    public string Url => _server?.Url ?? "";

    /// <summary>The region in signatures.</summary>
    public string Region { get; set; } = "eu-west-1";

    /// <summary>The access keys: secret and session token, by id.</summary>
    public ConcurrentDictionary<string, (string Secret, string? Token)> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>The statements.</summary>
    public FakeDataApi Data { get; } = new();

    /// <summary>The clock of signatures and of passwords' expiries.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>How long a password is valid, if that is shorter than requested; or null.</summary>
    public TimeSpan? MaxDuration { get; set; }

    /// <summary>The number of temporary passwords.</summary>
    public int Issued => _issued;

    /// <summary>The requests, in order.</summary>
    public IReadOnlyList<ApiRequest> Requests => [.. _requests];

    /// <summary>Starts a server.</summary>
    public static async Task<FakeRedshiftApi> StartAsync()
    {
        var api = new FakeRedshiftApi();
        api._server = await LoopbackServer.StartAsync(api.AnswerAsync);
        return api;
    }

    /// <summary>Lets the next requests of an operation fail.</summary>
    public void Fail(string operation, ApiFault fault, int times = 1)
    {
        var faults = _faults.GetOrAdd(operation, _ => new());
        for (var i = 0; i < times; i++)
            faults.Enqueue(fault);
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new ApiRequest(context.Request.Method, context.Request.Path, headers, body.ToArray());
        _requests.Enqueue(request);

        var fault = _faults.TryGetValue(request.Operation, out var faults) && faults.TryDequeue(out var next) ? next : null;
        fault?.Then?.Invoke();
        if (fault?.Page is { } page)
        {
            await SendAsync(context, fault.Status, "text/html", page);
            return;
        }
        context.Response.Headers["x-amzn-RequestId"] = "11111111-2222-3333-4444-555555555555";
        context.Response.Headers.Date = Time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        if (fault is { LosesAnswer: true })
        {
            await AnswerAsync(request, context.RequestAborted);
            context.Abort();
            return;
        }
        var (status, type, text) = (fault ?? FindRefusal(request)) is { } refusal
            ? Refuse(context, request, refusal)
            : await AnswerAsync(request, context.RequestAborted);
        await SendAsync(context, status, type, text);
    }

    private ApiFault? FindRefusal(ApiRequest request)
    {
        if (request.AccessKeyId is not { } id || !Keys.TryGetValue(id, out var key))
            return new() { Code = "UnrecognizedClientException", Message = "The security token included in the request is invalid." };
        if (key.Token != request.Header("X-Amz-Security-Token"))
            return new() { Code = "InvalidToken", Message = "The key and the token do not belong together." };
        var signed = Authorization.Parse(request.Header("Authorization"))!;
        if (signed.Region != Region || signed.Service != Service(request))
            return new() { Code = "InvalidSignatureException", Message = $"Credential should be scoped to {Region}/{Service(request)}." };
        return SignatureCheck.Find(request, key.Secret, Time.GetUtcNow()) is { } wrong
            ? new() { Code = "InvalidSignatureException", Message = wrong }
            : null;
    }

    private static string Service(ApiRequest request) => request.Header("X-Amz-Target")?.Split('.')[0] switch
    {
        "RedshiftData" => "redshift-data",
        "RedshiftServerless" => "redshift-serverless",
        _ => "redshift",
    };

    private static (int Status, string Type, string Text) Refuse(HttpContext context, ApiRequest request, ApiFault fault)
    {
        if (Service(request) == "redshift")
        {
            return (fault.Status, "text/xml", $"""
                <ErrorResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><Error><Type>Sender</Type><Code>{fault.Code}</Code>
                <Message>{SecurityElement.Escape(fault.Message)}</Message></Error><RequestId>66666666-7777-8888-9999-000000000000</RequestId></ErrorResponse>
                """);
        }
        var body = new JsonObject { ["message"] = fault.Message };
        if (fault.CodeInHeader)
            context.Response.Headers["x-amzn-ErrorType"] = fault.Code + ":http://internal.amazon.com/coral/";
        else
            body["__type"] = "com.amazonaws.redshiftdata#" + fault.Code;
        return (fault.Status, "application/x-amz-json-1.1", body.ToJsonString());
    }

    private async Task<(int Status, string Type, string Text)> AnswerAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        switch (request.Operation)
        {
            case "GetClusterCredentials" or "GetClusterCredentialsWithIAM":
                var form = request.Form;
                var (password, expires) = Issue(form.GetValueOrDefault("DurationSeconds"));
                var user = form.TryGetValue("DbUser", out var name) ? "IAM:" + name : "IAM:loader";
                return (200, "text/xml", $"""
                    <{request.Operation}Response xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><{request.Operation}Result>
                    <DbUser>{SecurityElement.Escape(user)}</DbUser><Expiration>{expires:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}</Expiration><DbPassword>{password}</DbPassword>
                    </{request.Operation}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{request.Operation}Response>
                    """);
            case "GetCredentials":
                var (serverless, until) = Issue(request.Member("durationSeconds"));
                return (200, "application/x-amz-json-1.1", new JsonObject
                {
                    ["dbUser"] = "IAMR:loader", ["dbPassword"] = serverless, ["expiration"] = until.ToUnixTimeMilliseconds() / 1000.0,
                }.ToJsonString());
            default:
                var (status, body) = await Data.AnswerAsync(request, cancellationToken);
                return (status, "application/x-amz-json-1.1", body.ToJsonString());
        }
    }

    private (string Password, DateTimeOffset Expires) Issue(string? seconds)
    {
        var duration = TimeSpan.FromSeconds(int.Parse(seconds ?? "900", CultureInfo.InvariantCulture));
        if (MaxDuration < duration)
            duration = MaxDuration.Value;
        return ($"hush+hush/{Interlocked.Increment(ref _issued)}==", Time.GetUtcNow() + duration);
    }

    private static Task SendAsync(HttpContext context, int status, string type, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
