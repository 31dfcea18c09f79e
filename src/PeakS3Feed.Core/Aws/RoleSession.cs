using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Aws;

/// <summary>A request to STS for a session of a role.</summary>
internal sealed record RoleRequest(string RoleArn, string? ExternalId, string SessionName, TimeSpan Duration);

/// <summary>
/// The session of an assumed role, renewed well before it expires. The SDK reads its own refreshing credentials twice for each signed request, so one
/// request could carry the token of one session and the signature of another. Here a session is one immutable value, and each S3 client uses one
/// session.
/// </summary>
internal sealed class RoleSession(
    RoleRequest role,
    ICredentialSource source,
    Func<ImmutableCredentials?, IAmazonSecurityTokenService> createClient,
    ServiceCalls calls,
    Func<Exception, FeedException> refused,
    ILogger logger) : ICredentialSource, IDisposable
{
    /// <summary>The maximum for a session that a role's session requests; also the lowest maximum that a role can have.</summary>
    private static readonly TimeSpan ChainedSession = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaxMargin = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private TimeSpan _duration = role.Duration;
    private Session? _current;

    /// <summary>The duration to request: the connection's, until STS refuses it.</summary>
    public TimeSpan Duration => _duration;

    public async ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken)
    {
        if (_current is { } fresh && calls.Time.GetUtcNow() < fresh.RenewAt)
            return fresh.Credentials;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Forget may clear the field at any time, so what is returned is read once.
            if (_current is { } current && calls.Time.GetUtcNow() < current.RenewAt)
                return current.Credentials;
            var renewed = await RenewAsync(cancellationToken);
            _current = renewed;
            return renewed.Credentials;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Forget(ImmutableCredentials credentials)
    {
        var current = _current;
        if (current is not null && ReferenceEquals(current.Credentials, credentials))
            Interlocked.CompareExchange(ref _current, null, current);
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Session> RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AssumeAsync(cancellationToken);
        }
        catch (FeedException e) when (_current is { } old && calls.Time.GetUtcNow() < old.Expires)
        {
            // The old session is still valid: continue to use it, and try again after half of its remaining time.
            logger.LogWarning("The session of {Role} could not be renewed ({Reason}); it lasts until {Expires:u}", role.RoleArn, e.Message,
                old.Expires);
            return old with { RenewAt = calls.Time.GetUtcNow() + ((old.Expires - calls.Time.GetUtcNow()) / 2) };
        }
    }

    private async Task<Session> AssumeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await calls.RunAsync("Assuming " + role.RoleArn, CallStsAsync, cancellationToken);
        }
        catch (AmazonSecurityTokenServiceException e) when (IsTooLong(e))
        {
            logger.LogWarning("STS grants no session of {Hours:0.##} hours for {Role}; going on with sessions of one hour", _duration.TotalHours,
                role.RoleArn);
            _duration = ChainedSession;
            return await AssumeAsync(cancellationToken);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw refused(e);
        }
    }

    private async Task<Session> CallStsAsync(CancellationToken cancellationToken)
    {
        var request = new AssumeRoleRequest
        {
            RoleArn = role.RoleArn,
            RoleSessionName = role.SessionName,
            ExternalId = role.ExternalId,
            DurationSeconds = (int)_duration.TotalSeconds,
        };
        using var client = createClient(await source.GetAsync(cancellationToken));
        var asked = calls.Time.GetUtcNow();
        var granted = (await client.AssumeRoleAsync(request, cancellationToken)).Credentials ?? throw new UnexpectedResponseException();

        // Measured with this machine's clock, so that a slow clock does not use the session after its end.
        var expires = asked + _duration;
        if (granted.Expiration is { } stated && stated.ToUniversalTime() < expires.UtcDateTime)
            expires = new DateTimeOffset(stated.ToUniversalTime());
        var margin = TimeSpan.FromTicks(Math.Clamp((expires - asked).Ticks / 4, 0, MaxMargin.Ticks));
        logger.LogDebug("Assumed {Role} as {Session} until {Expires:u}", role.RoleArn, role.SessionName, expires);
        return new(new ImmutableCredentials(granted.AccessKeyId, granted.SecretAccessKey, granted.SessionToken), expires, expires - margin);
    }

    private bool IsTooLong(AmazonSecurityTokenServiceException e)
        => _duration > ChainedSession && e.ErrorCode is "ValidationError" && e.Message.Contains("DurationSeconds", StringComparison.Ordinal);

    private sealed record Session(ImmutableCredentials Credentials, DateTimeOffset Expires, DateTimeOffset RenewAt);
}
