using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Secrets;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Webhooks;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>Answers <c>POST /hooks/ID</c>: docs/service.md has the answers.</summary>
internal sealed class HookEndpoint(DefinitionsCache definitions, TriggerService service, ISecretResolver secrets, TimeProvider time, ILogger<HookEndpoint> logger) : IDisposable
{
    public const string SecretHeader = "X-PeakS3Feed-Secret";

    private const string IdHeader = "webhook-id";

    // So many bodies that may be large are in memory at a time. Small ones are read when they come, so that nobody waits for somebody else's.
    private const int MostLarge = 32;

    // So many requests are written down at a time, and so many are there in all. Who comes then is to come again.
    private const int MostAtOnce = 32;
    private const int MostWaiting = 5_000;

    private readonly WrongSecrets _wrong = new(time);
    private readonly LogGate _gate = new(time);
    private readonly SemaphoreSlim _large = new(MostLarge, MostLarge);
    private readonly SemaphoreSlim _turn = new(MostAtOnce, MostAtOnce);
    private int _waiting;

    public async Task<IResult> PostAsync(string id, HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        if (context.Request.Query.Keys.Any(k => k.Contains("secret", StringComparison.OrdinalIgnoreCase) || k.Contains("token", StringComparison.OrdinalIgnoreCase)))
            return Refuse(StatusCodes.Status400BadRequest, $"A secret does not belong into the address, where logs keep it. Send it in the header {SecretHeader}.");
        var all = await definitions.GetAsync(cancellationToken);
        var trigger = all.Triggers.FirstOrDefault(t => t.Kind == TriggerKind.Webhook && t.WebhookId == id);
        if (!WebhookSecret.Fits(SecretOf(context.Request), trigger?.SecretHash) || trigger is null)
            return Unauthorized(context);
        if (!trigger.Enabled || all.FindFeed(trigger.FeedName)?.Enabled != true)
            return Refuse(StatusCodes.Status409Conflict, trigger.Enabled ? "The feed is disabled." : "The trigger is disabled.");
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return Later(context, seconds: 5, "Too many requests are waiting.");
        }
        try
        {
            return await TakeAsync(all, trigger, context, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose()
    {
        _large.Dispose();
        _turn.Dispose();
    }

    private async Task<IResult> TakeAsync(StoreDefinitions all, S3FeedTrigger trigger, HttpContext context, CancellationToken cancellationToken)
    {
        if (HookBody.IsSmall(context.Request))
            return await ReadAsync(all, trigger, context, cancellationToken);
        await _large.WaitAsync(cancellationToken);
        try
        {
            return await ReadAsync(all, trigger, context, cancellationToken);
        }
        finally
        {
            _large.Release();
        }
    }

    private async Task<IResult> ReadAsync(StoreDefinitions all, S3FeedTrigger trigger, HttpContext context, CancellationToken cancellationToken)
    {
        if (await HookBody.ReadAsync(context.Request, time, cancellationToken) is not { } body)
            return Refuse(StatusCodes.Status413PayloadTooLarge, $"The body may have {HookBody.MostBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes.");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await FireAsync(all, trigger, context, body, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<IResult> FireAsync(StoreDefinitions all, S3FeedTrigger trigger, HttpContext context, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (trigger.SigningKey is { } reference && !await IsSignedAsync(context.Request, body, reference, cancellationToken))
            return Unauthorized(context);
        var news = S3Event.TryRead(body.Span);
        if (news is not null && S3EventFilter.WhyIgnored(all, trigger, news) is { } why)
            return Results.Json(new HookAnswer { Feed = trigger.FeedName, Ignored = why }, HookJson.Default.HookAnswer, statusCode: StatusCodes.Status202Accepted);
        string? id = context.Request.Headers[IdHeader];
        var run = await service.FireAsync(trigger, string.IsNullOrEmpty(id) ? news?.Id : id, cancellationToken);
        return Results.Json(new HookAnswer { Feed = trigger.FeedName, RunId = run }, HookJson.Default.HookAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    private async Task<bool> IsSignedAsync(HttpRequest request, ReadOnlyMemory<byte> body, string reference, CancellationToken cancellationToken)
    {
        var key = await secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken);
        return WebhookSignature.Fits(key, request.Headers[IdHeader], request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], body.Span, time.GetUtcNow());
    }

    private IResult Unauthorized(HttpContext context)
    {
        var from = context.Connection.RemoteIpAddress;
        if (_wrong.Count(from) > WrongSecrets.MostInAMinute)
            return Later(context, seconds: 60, "Too many wrong secrets.");
        if (_gate.MayPass(out var last))
            logger.LogWarning("A request to a webhook from {Address} had a wrong secret or signature{Ending}", from, LogGate.Ending(last));
        return Refuse(StatusCodes.Status401Unauthorized, "There is no such webhook, or its secret or signature is another one.");
    }

    private static IResult Later(HttpContext context, int seconds, string why)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Refuse(StatusCodes.Status429TooManyRequests, why);
    }

    private static IResult Refuse(int status, string why) => Results.Json(new HookAnswer { Error = why }, HookJson.Default.HookAnswer, statusCode: status);

    private static string? SecretOf(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        if (request.Headers[SecretHeader] is [{ Length: > 0 } secret])
            return secret;
        return request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..] : null;
    }
}
