using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.TestServers.RedshiftApi;

namespace PeakS3Feed.TestServers.Sqs;

/// <summary>
/// SQS in memory, on a loopback port of its own, with the JSON protocol 1.0. It checks signatures, makes received messages invisible, and delivers some
/// twice and in another order if a queue says so.
/// <code>
/// await using var sqs = await FakeSqs.StartAsync();
/// sqs.Queue("orders").Send(body);
/// sqs.Before = (operation, _) => { if (operation == "DeleteMessageBatch") process.Kill(); };
/// </code>
/// </summary>
public sealed class FakeSqs : IAsyncDisposable
{
    /// <summary>The account in the URLs of queues.</summary>
    public const string Account = "123456789012";

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, FakeQueue> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ApiRequest> _requests = new();
    private LoopbackServer? _server;

    private FakeSqs()
    {
    }

    /// <summary>Its address: <c>http://127.0.0.1:port</c>.</summary>
    public string Url => _server?.Url ?? "";

    /// <summary>The region in signatures.</summary>
    public string Region { get; set; } = "eu-west-1";

    /// <summary>The secrets of the access keys, by id.</summary>
    public ConcurrentDictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>The operations that no policy allows.</summary>
    public ConcurrentDictionary<string, bool> Denied { get; } = new(StringComparer.Ordinal);

    /// <summary>The identity that refusals name.</summary>
    public string User { get; set; } = "User";

    /// <summary>The clock of signatures and of visibility.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Is called with the operation before a request has an effect, or null.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Is called with the operation and the number of its messages when the effect is done and nothing is answered yet, or null.</summary>
    public Action<string, int>? After { get; set; }

    /// <summary>The requests, in order.</summary>
    public IReadOnlyList<ApiRequest> Requests => [.. _requests];

    /// <summary>Starts a server.</summary>
    public static async Task<FakeSqs> StartAsync(TimeProvider? time = null)
    {
        var sqs = new FakeSqs { Time = time ?? TimeProvider.System };
        sqs._server = await LoopbackServer.StartAsync(sqs.AnswerAsync);
        return sqs;
    }

    /// <summary>Creates a queue, or finds it.</summary>
    public FakeQueue Queue(string name) => _queues.GetOrAdd(name, _ => new FakeQueue(Time, seed: 20261130));

    /// <summary>The URL of a queue.</summary>
    public string UrlOf(string name) => $"{Url}/{Account}/{name}";

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new ApiRequest(context.Request.Method, context.Request.Path, headers, body.ToArray());
        _requests.Enqueue(request);
        context.Response.Headers["x-amzn-RequestId"] = "11111111-2222-3333-4444-555555555555";
        context.Response.ContentType = "application/x-amz-json-1.0";
        Before?.Invoke(request.Operation);
        var (status, answer) = FindRefusal(request) ?? await AnswerAsync(request, context.RequestAborted);
        if (status != StatusCodes.Status200OK)
            context.Response.Headers["x-amzn-query-error"] = $"{answer["__type"]!.ToString().Split('#')[^1]};Sender";
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private (int Status, JsonObject Answer)? FindRefusal(ApiRequest request)
    {
        if (request.AccessKeyId is not { } id || !Keys.TryGetValue(id, out var secret))
            return Refuse(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
        var signed = Authorization.Parse(request.Header("Authorization"))!;
        if (signed.Region != Region || signed.Service != "sqs")
            return Refuse(403, "InvalidSignatureException", $"Credential should be scoped to {Region}/sqs.");
        if (SignatureCheck.Find(request, secret, TimeProvider.System.GetUtcNow()) is { } wrong)
            return Refuse(403, "InvalidSignatureException", wrong);
        return Denied.ContainsKey(request.Operation)
            ? Refuse(403, "com.amazonaws.sqs#AccessDeniedException", $"{User} is not authorized to perform: sqs:{request.Operation} on the queue")
            : null;
    }

    private async Task<(int Status, JsonObject Answer)> AnswerAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var given = JsonNode.Parse(request.Body)!.AsObject();
        if (!_queues.TryGetValue(((string?)given["QueueUrl"])?.Split('/')[^1] ?? "", out var queue))
            return Refuse(400, "com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.");
        switch (request.Operation)
        {
            case "ReceiveMessage":
                var messages = await ReceiveAsync(queue, (int?)given["MaxNumberOfMessages"] ?? 1, (int?)given["WaitTimeSeconds"] ?? 0, cancellationToken);
                After?.Invoke(request.Operation, messages.Count);
                return Accept(new() { ["Messages"] = new JsonArray([.. messages.Select(Write)]) });
            case "DeleteMessageBatch":
                var entries = given["Entries"]!.AsArray();
                foreach (var entry in entries)
                    queue.Delete((string)entry!["ReceiptHandle"]!);
                After?.Invoke(request.Operation, entries.Count);
                return Accept(new()
                {
                    ["Successful"] = new JsonArray([.. entries.Select(e => new JsonObject { ["Id"] = (string?)e!["Id"] })]), ["Failed"] = new JsonArray(),
                });
            case "ListQueueTags":
                return Accept(new() { ["Tags"] = new JsonObject(queue.Tags.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))) });
            case "TagQueue":
                foreach (var (key, value) in given["Tags"]!.AsObject())
                    queue.Tags[key] = (string)value!;
                return Accept([]);
            default:
                return Refuse(400, "com.amazonaws.sqs#UnsupportedOperation", $"The server does not have {request.Operation}.");
        }
    }

    private async Task<IReadOnlyList<FakeMessage>> ReceiveAsync(FakeQueue queue, int count, int waitSeconds, CancellationToken cancellationToken)
    {
        var until = Environment.TickCount64 + (waitSeconds * 1000L);
        while (true)
        {
            if (queue.Receive(count) is { Count: > 0 } received)
                return received;
            if (Environment.TickCount64 >= until)
                return [];
            await Task.Delay(PollEvery, cancellationToken);
        }
    }

    private static JsonNode Write(FakeMessage message) => new JsonObject
    {
        ["MessageId"] = message.Id, ["ReceiptHandle"] = message.Receipt, ["Body"] = message.Body,
#pragma warning disable CA5351 // the protocol has this checksum
        ["MD5OfBody"] = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(message.Body))),
#pragma warning restore CA5351
    };

    private static (int Status, JsonObject Answer) Accept(JsonObject answer) => (StatusCodes.Status200OK, answer);

    private static (int Status, JsonObject Answer) Refuse(int status, string type, string message)
        => (status, new() { ["__type"] = type, ["message"] = message });
}
