using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.TestServers.SnowflakeApi;

/// <summary>
/// Snowflake's SQL API in memory, on a loopback port of its own. It checks logins and fails on demand. What a statement does comes from the test.
/// <code>
/// await using var api = await FakeSqlApi.StartAsync();
/// api.Logins.AddOAuthToken("LOADER", "token");
/// api.Next.Enqueue(new() { Rows = [["1"]] });
/// api.Fail("poll", new SqlApiFault(503));
/// </code>
/// </summary>
public sealed class FakeSqlApi : IAsyncDisposable
{
    private readonly ConcurrentQueue<SqlApiCall> _calls = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SqlApiFault>> _faults = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FakeSqlStatement> _statements = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FakeSqlStatement> _requests = new(StringComparer.Ordinal);
    private LoopbackServer? _server;

    private readonly TimeProvider _time;

    private FakeSqlApi(TimeProvider time) => (_time, Logins) = (time, new([Account], time));

    /// <summary>The account's name.</summary>
    public const string Account = "MYORG-MY_ACCOUNT";

    /// <summary>Its address: <c>http://127.0.0.1:port</c>.</summary>
    public string Url => _server?.Url ?? "";

    /// <summary>The users of the account, with their keys and tokens.</summary>
    public SnowflakeLogins Logins { get; }

    /// <summary>The statements to come; then each one ends at once without rows.</summary>
    public ConcurrentQueue<FakeSqlStatement> Next { get; } = new();

    /// <summary>Returns the statement to come for a submission; null for that of <see cref="Next"/>.</summary>
    public Func<SqlApiCall, FakeSqlStatement?>? Respond { get; set; }

    /// <summary>The number of rows of a partition.</summary>
    public int PartitionSize { get; set; } = 2;

    /// <summary>Whether a request with the id of an earlier one gets the answer of that one.</summary>
    public bool RemembersRequests { get; set; } = true;

    /// <summary>The number of statements that were started.</summary>
    public int Started => _statements.Count;

    /// <summary>The requests, in order.</summary>
    public IReadOnlyList<SqlApiCall> Calls => [.. _calls];

    /// <summary>Starts a server.</summary>
    /// <param name="time">The clock of tokens and of the header Date; null for the system's.</param>
    public static async Task<FakeSqlApi> StartAsync(TimeProvider? time = null)
    {
        var api = new FakeSqlApi(time ?? TimeProvider.System);
        api._server = await LoopbackServer.StartAsync(api.AnswerAsync);
        return api;
    }

    /// <summary>Lets the next requests of an operation fail.</summary>
    public void Fail(string operation, SqlApiFault fault, int times = 1)
    {
        var faults = _faults.GetOrAdd(operation, _ => new());
        for (var i = 0; i < times; i++)
            faults.Enqueue(fault);
    }

    /// <summary>Forgets all statements and requests.</summary>
    public void Forget()
    {
        _statements.Clear();
        _requests.Clear();
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    private async Task AnswerAsync(HttpContext context)
    {
        var call = await ReadAsync(context);
        _calls.Enqueue(call);
        context.Response.Headers.Date = _time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);

        var fault = _faults.TryGetValue(call.Operation, out var faults) && faults.TryDequeue(out var next) ? next : null;
        fault?.Then?.Invoke();
        if (fault is { LosesRequest: true })
        {
            context.Abort();
            return;
        }
        if (fault is { LosesAnswer: true })
        {
            Answer(call);
            context.Abort();
            return;
        }
        if (fault?.RetryAfter is { } delay)
            context.Response.Headers.RetryAfter = delay;
        if (fault is { Code: null })
        {
            await SendAsync(context, fault.Status, "text/html", fault.Message, compress: false);
            return;
        }
        var (status, body) = fault is not null ? (fault.Status, Error(fault.Code!, fault.Message))
            : FindRefusal(call) is { } refusal ? (401, Error(refusal.Code, refusal.Message))
            : Answer(call);
        await SendAsync(context, status, "application/json", body.ToJsonString(), compress: call.Operation == "partition");
    }

    private static async Task<SqlApiCall> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var query = context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal);
        var operation = (context.Request.Method, path) switch
        {
            ("POST", ["api", "v2", "statements"]) => "submit",
            ("POST", ["api", "v2", "statements", _, "cancel"]) => "cancel",
            ("GET", ["api", "v2", "statements", _]) => query.ContainsKey("partition") ? "partition" : "poll",
            _ => "unknown",
        };
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new(operation, path.ElementAtOrDefault(3), query, headers, body.ToArray());
    }

    private LoginException? FindRefusal(SqlApiCall call)
    {
        try
        {
            Logins.Check(call.Header("Authorization") ?? "", call.Header("X-Snowflake-Authorization-Token-Type") ?? "");
            return null;
        }
        catch (LoginException e)
        {
            return e;
        }
    }

    private (int Status, JsonObject Body) Answer(SqlApiCall call)
    {
        if (call.Operation == "submit")
        {
            var submitted = RemembersRequests ? _requests.GetOrAdd(call.RequestId ?? "", _ => Start(call)) : Start(call);
            return Describe(submitted);
        }
        if (!_statements.TryGetValue(call.Handle ?? "", out var statement))
            return (422, Error("000709", $"Statement {call.Handle} not found"));
        switch (call.Operation)
        {
            case "poll":
                return Describe(statement);
            case "partition":
                return (200, new() { ["data"] = Rows(statement, int.Parse(call.Query["partition"], CultureInfo.InvariantCulture)) });
            case "cancel" when statement.HasEnded:
                return (422, Error("000605", "Identified SQL statement is not currently executing."));
            case "cancel":
                statement.Cancel();
                return (200, new() { ["code"] = "000604", ["message"] = "successfully canceled" });
            default:
                return (404, Error("390404", "Not found"));
        }
    }

    private FakeSqlStatement Start(SqlApiCall call)
    {
        var statement = Respond?.Invoke(call) ?? (Next.TryDequeue(out var next) ? next : new FakeSqlStatement());
        _statements[statement.Handle] = statement;
        return statement;
    }

    private (int Status, JsonObject Body) Describe(FakeSqlStatement statement)
    {
        if (!statement.HasEnded && statement.EndsAfter is { } answers && ++statement.Seen > answers)
            statement.End();
        if (!statement.HasEnded)
        {
            return (202, new()
            {
                ["code"] = "333334", ["message"] = "Asynchronous execution in progress.", ["statementHandle"] = statement.Handle,
                ["statementStatusUrl"] = $"/api/v2/statements/{statement.Handle}",
            });
        }
        if (statement.Failure is { } failure)
        {
            var body = Error(failure.Code, failure.Message);
            body["sqlState"] = failure.State;
            if (statement.NamesHandle)
                body["statementHandle"] = statement.Handle;
            return (failure.Status, body);
        }
        var result = new JsonObject
        {
            ["code"] = "090001",
            ["sqlState"] = "00000",
            ["statementHandle"] = statement.Handle,
            ["resultSetMetaData"] = new JsonObject
            {
                ["numRows"] = statement.Rows.Count,
                ["format"] = "jsonv2",
                ["partitionInfo"] = new JsonArray(
                    [.. statement.Rows.Chunk(PartitionSize).Select(c => new JsonObject { ["rowCount"] = c.Length, ["uncompressedSize"] = 100 })]),
                ["rowType"] = new JsonArray([.. statement.Columns.Select(c => new JsonObject { ["name"] = c, ["type"] = "text" })]),
            },
            ["data"] = Rows(statement, 0),
        };
        if (statement.Stats is { } stats)
            result["stats"] = stats.DeepClone();
        return (200, result);
    }

    private JsonArray Rows(FakeSqlStatement statement, int partition)
    {
        var rows = statement.Rows.Skip(partition * PartitionSize).Take(PartitionSize);
        return new([.. rows.Select(r => new JsonArray([.. r.Select(v => JsonValue.Create(v))]))]);
    }

    private static JsonObject Error(string code, string message) => new() { ["code"] = code, ["message"] = message };

    private static async Task SendAsync(HttpContext context, int status, string type, string text, bool compress)
    {
        var body = Encoding.UTF8.GetBytes(text);
        if (compress)
        {
            using var compressed = new MemoryStream();
            await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
                await gzip.WriteAsync(body);
            body = compressed.ToArray();
            context.Response.Headers.ContentEncoding = "gzip";
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
