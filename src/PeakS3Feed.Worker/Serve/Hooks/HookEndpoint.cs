using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Secrets;
using PeakS3Feed.Serving;
using PeakS3Feed.Serving.Events;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Webhooks;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>Answers <c>POST /hooks/ID</c>. docs/service.md lists the answers.</summary>
internal sealed class HookEndpoint(DefinitionsCache definitions, TriggerService service, ISecretResolver secrets, TimeProvider time,
    ILogger<HookEndpoint> logger) : IDisposable
{
    public const string SecretHeader = "X-PeakS3Feed-Secret";

    private const string IdHeader = "webhook-id";

    // At most 5,000 requests are in flight; a further one gets 429.
    private const int MaxInFlight = 5_000;

    // At most 32 of them have a large body in memory, and at most 32 write. Small bodies are read at once and never wait for others.
    private const int MaxAtOnce = 32;

    private readonly WrongSecrets _wrong = new(time);
    private readonly LogGate _gate = new(time);
    private readonly ConcurrencyLimiter _inFlight = new(new() { PermitLimit = MaxInFlight, QueueLimit = 0 });
    private readonly ConcurrencyLimiter _large = new(new() { PermitLimit = MaxAtOnce, QueueLimit = MaxInFlight });
    private readonly ConcurrencyLimiter _writes = new(new() { PermitLimit = MaxAtOnce, QueueLimit = MaxInFlight });

    public async Task<IResult> PostAsync(string id, HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        if (context.Request.Query.Keys.Any(k => k.Contains("secret", StringComparison.OrdinalIgnoreCase)
            || k.Contains("token", StringComparison.OrdinalIgnoreCase)))
            return Refuse(StatusCodes.Status400BadRequest,
                $"A secret does not belong in the URL, because logs record URLs. Send it in the header {SecretHeader}.");
        var all = await definitions.GetAsync(cancellationToken);
        var trigger = all.Triggers.FirstOrDefault(t => t.Kind == TriggerKind.Webhook && t.WebhookId == id);
        if (!WebhookSecret.Verify(SecretOf(context.Request), trigger?.SecretHash) || trigger is null)
            return Unauthorized(context);
        if (!trigger.Enabled || all.FindFeed(trigger.FeedName)?.Enabled != true)
            return Refuse(StatusCodes.Status409Conflict, trigger.Enabled ? "The feed is disabled." : "The trigger is disabled.");
        using var place = _inFlight.AttemptAcquire();
        if (!place.IsAcquired)
            return RetryLater(context, seconds: 5, "Too many requests are waiting.");
        using var large = HookBody.IsSmall(context.Request) ? null : await _large.AcquireAsync(cancellationToken: cancellationToken);
        return await ReadAsync(all, trigger, context, cancellationToken);
    }

    public void Dispose()
    {
        _inFlight.Dispose();
        _large.Dispose();
        _writes.Dispose();
    }

    private async Task<IResult> ReadAsync(StoreDefinitions all, S3FeedTrigger trigger, HttpContext context, CancellationToken cancellationToken)
    {
        if (await HookBody.ReadAsync(context.Request, time, cancellationToken) is not { } body)
            return Refuse(StatusCodes.Status413PayloadTooLarge,
                $"The body is larger than {HookBody.MaxBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes.");
        using var turn = await _writes.AcquireAsync(cancellationToken: cancellationToken);
        return await FireAsync(all, trigger, context, body, cancellationToken);
    }

    private async Task<IResult> FireAsync(StoreDefinitions all, S3FeedTrigger trigger, HttpContext context, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        if (trigger.SigningKey is { } reference && !await IsSignedAsync(context.Request, body, reference, cancellationToken))
            return Unauthorized(context);
        var news = S3Event.TryRead(body.Span);
        if (news is not null && S3EventFilter.GetIgnoreReason(all, trigger, news) is { } why)
            return Results.Json(new HookAnswer { Feed = trigger.FeedName, Ignored = why }, AnswerJson.Default.HookAnswer,
                statusCode: StatusCodes.Status202Accepted);
        string? id = context.Request.Headers[IdHeader];
        var run = await service.FireAsync(all, trigger, string.IsNullOrEmpty(id) ? news?.Id : id, cancellationToken);
        return Results.Json(new HookAnswer { Feed = trigger.FeedName, RunId = run }, AnswerJson.Default.HookAnswer,
            statusCode: StatusCodes.Status202Accepted);
    }

    private async Task<bool> IsSignedAsync(HttpRequest request, ReadOnlyMemory<byte> body, string reference, CancellationToken cancellationToken)
    {
        var key = await secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken);
        return WebhookSignature.Verify(key, request.Headers[IdHeader], request.Headers["webhook-timestamp"], request.Headers["webhook-signature"],
            body.Span, time.GetUtcNow());
    }

    private IResult Unauthorized(HttpContext context)
    {
        var from = context.Connection.RemoteIpAddress;
        if (_wrong.Count(from) > WrongSecrets.MaxPerMinute)
            return RetryLater(context, seconds: 60, "Too many wrong secrets.");
        if (_gate.MaySucceed(out var last))
            logger.LogWarning("A request to a webhook from {Address} had a wrong secret or signature{Ending}", from, LogGate.Ending(last));
        return Refuse(StatusCodes.Status401Unauthorized, "The webhook does not exist, or the secret or signature is wrong.");
    }

    private static IResult RetryLater(HttpContext context, int seconds, string why)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Refuse(StatusCodes.Status429TooManyRequests, why);
    }

    private static IResult Refuse(int status, string why)
        => Results.Json(new HookAnswer { Error = why }, AnswerJson.Default.HookAnswer, statusCode: status);

    private static string? SecretOf(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        if (request.Headers[SecretHeader] is [{ Length: > 0 } secret])
            return secret;
        return request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..] : null;
    }
}
