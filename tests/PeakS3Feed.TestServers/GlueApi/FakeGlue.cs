using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.TestServers.RedshiftApi;

namespace PeakS3Feed.TestServers.GlueApi;

/// <summary>
/// The tables of a Glue catalog, in memory, on a loopback port of its own: CreateTable, GetTable and UpdateTable. It checks signatures, and refuses what
/// Glue refuses: an unknown database, a name in use, a name that is not lower case, a request without a name.
/// <code>
/// await using var glue = await FakeGlue.StartAsync();
/// glue.Keys["AKIAFAKE"] = "secret";
/// </code>
/// </summary>
public sealed class FakeGlue : IAsyncDisposable
{
    private readonly ConcurrentQueue<ApiRequest> _requests = new();
    private readonly ConcurrentQueue<(string Operation, ApiFault Fault)> _faults = new();
    private LoopbackServer? _server;

    private FakeGlue()
    {
    }

    /// <summary>Its address: <c>http://127.0.0.1:port</c>.</summary>
    public string Url => _server?.Url ?? "";

    /// <summary>The region in signatures.</summary>
    public string Region { get; set; } = "eu-west-1";

    /// <summary>The secrets of access keys, by id.</summary>
    public ConcurrentDictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>The databases.</summary>
    public ConcurrentDictionary<string, bool> Databases { get; } = new(StringComparer.Ordinal) { ["default"] = true };

    /// <summary>The tables, by <c>database.table</c>.</summary>
    public ConcurrentDictionary<string, JsonObject> Tables { get; } = new(StringComparer.Ordinal);

    /// <summary>The requests, in order.</summary>
    public IReadOnlyList<ApiRequest> Requests => [.. _requests];

    /// <summary>Starts a server.</summary>
    public static async Task<FakeGlue> StartAsync()
    {
        var glue = new FakeGlue();
        glue._server = await LoopbackServer.StartAsync(glue.AnswerAsync);
        return glue;
    }

    /// <summary>Lets the next request fail, if it is of this operation.</summary>
    public void Fail(string operation, ApiFault fault) => _faults.Enqueue((operation, fault));

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new ApiRequest(context.Request.Method, context.Request.Path, headers, body.ToArray());
        _requests.Enqueue(request);
        var (status, answer) = FindRefusal(request) is { } refusal
            ? (refusal.Status, new JsonObject { ["__type"] = refusal.Code, ["Message"] = refusal.Message })
            : Answer(request);
        var text = Encoding.UTF8.GetBytes(answer.ToJsonString());
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        context.Response.Headers["x-amzn-RequestId"] = "99999999-2222-3333-4444-555555555555";
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }

    private ApiFault? FindRefusal(ApiRequest request)
    {
        if (request.AccessKeyId is not { } id || !Keys.TryGetValue(id, out var secret))
            return new() { Code = "UnrecognizedClientException", Message = "The security token included in the request is invalid." };
        var signed = Authorization.Parse(request.Header("Authorization"))!;
        if (signed.Region != Region || signed.Service != "glue")
            return new() { Code = "InvalidSignatureException", Message = $"Credential should be scoped to {Region}/glue." };
        if (SignatureCheck.Find(request, secret, TimeProvider.System.GetUtcNow()) is { } wrong)
            return new() { Code = "InvalidSignatureException", Message = wrong };
        return _faults.TryPeek(out var next) && next.Operation == request.Operation && _faults.TryDequeue(out next) ? next.Fault : null;
    }

    private (int Status, JsonObject Answer) Answer(ApiRequest request)
    {
        if (request.Header("X-Amz-Target") is not { } target || !target.StartsWith("AWSGlue.", StringComparison.Ordinal))
            return Refuse("UnknownOperationException", "");
        var body = JsonNode.Parse(request.Text)!.AsObject();
        var database = (string?)body["DatabaseName"] ?? "";
        if (!Databases.ContainsKey(database))
            return Refuse("EntityNotFoundException", $"Database {database} not found.");
        var input = body["TableInput"]?.AsObject();
        var name = (string?)(input ?? body)["Name"] ?? "";
        if (name.Length == 0 || name.Any(char.IsUpper))
            return Refuse("InvalidInputException", $"The name {name} is not valid.");
        var key = $"{database}.{name}";
        switch (request.Operation)
        {
            case "CreateTable":
                return Tables.TryAdd(key, Copy(input!)) ? (200, []) : Refuse("AlreadyExistsException", "Table already exists.");
            case "GetTable":
                return Tables.TryGetValue(key, out var found) ? (200, new() { ["Table"] = Copy(found) }) : NotFound(name);
            case "UpdateTable" when Tables.ContainsKey(key):
                Tables[key] = Copy(input!);
                return (200, []);
            default:
                return NotFound(name);
        }
    }

    private static (int Status, JsonObject Answer) NotFound(string name) => Refuse("EntityNotFoundException", $"Table {name} not found.");

    private static (int Status, JsonObject Answer) Refuse(string code, string message)
        => (400, new() { ["__type"] = code, ["Message"] = message });

    private static JsonObject Copy(JsonObject value) => value.DeepClone().AsObject();
}
