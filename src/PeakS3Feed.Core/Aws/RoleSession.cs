using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Aws;

/// <summary>What is asked of STS.</summary>
internal sealed record RoleRequest(string RoleArn, string? ExternalId, string SessionName, TimeSpan Duration);

/// <summary>
/// The session of an assumed role, renewed well before its end. The SDK's own refreshing credentials are asked twice for
/// each request it signs, so that one request may carry the token of one session and the signature of the next; here a
/// session is one immutable value, and each S3 client is bound to one.
/// </summary>
internal sealed class RoleSession(
    RoleRequest role,
    ICredentialSource source,
    Func<ImmutableCredentials?, IAmazonSecurityTokenService> createClient,
    ServiceCalls calls,
    Func<Exception, FeedException> refused,
    ILogger logger) : ICredentialSource, IDisposable
{
    /// <summary>What a session got from another role's session is capped at; also the least that any role allows as its longest.</summary>
    private static readonly TimeSpan ChainedSession = TimeSpan.FromHours(1);
    private static readonly TimeSpan WidestMargin = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private TimeSpan _duration = role.Duration;
    private Session? _current;

    /// <summary>How long a session is asked for: what the connection says, until STS refused that.</summary>
    public TimeSpan Duration => _duration;

    public async ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken)
    {
        if (_current is { } fresh && calls.Time.GetUtcNow() < fresh.RenewAt)
            return fresh.Credentials;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is not { } current || calls.Time.GetUtcNow() >= current.RenewAt)
                _current = await RenewAsync(cancellationToken);
            return _current.Credentials;
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
            // The old session still lasts a while: go on with it, and ask again after half of what is left.
            logger.LogWarning("The session of {Role} could not be renewed ({Reason}); it lasts until {Expires:u}", role.RoleArn, e.Message, old.Expires);
            return old with { RenewAt = calls.Time.GetUtcNow() + ((old.Expires - calls.Time.GetUtcNow()) / 2) };
        }
    }

    private async Task<Session> AssumeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await calls.RunAsync("assuming " + role.RoleArn, AskAsync, cancellationToken);
        }
        catch (AmazonSecurityTokenServiceException e) when (IsTooLong(e))
        {
            logger.LogWarning("STS grants no session of {Hours:0.##} hours for {Role}; going on with sessions of one hour", _duration.TotalHours, role.RoleArn);
            _duration = ChainedSession;
            return await AssumeAsync(cancellationToken);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw refused(e);
        }
    }

    private async Task<Session> AskAsync(CancellationToken cancellationToken)
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
        var granted = (await client.AssumeRoleAsync(request, cancellationToken)).Credentials ?? throw new StrangeAnswerException();

        // CountText from our own clock, so that a clock that runs late does not outstay the session.
        var expires = asked + _duration;
        if (granted.Expiration is { } stated && stated.ToUniversalTime() < expires.UtcDateTime)
            expires = new DateTimeOffset(stated.ToUniversalTime());
        var margin = TimeSpan.FromTicks(Math.Clamp((expires - asked).Ticks / 4, 0, WidestMargin.Ticks));
        logger.LogDebug("Assumed {Role} as {Session} until {Expires:u}", role.RoleArn, role.SessionName, expires);
        return new(new ImmutableCredentials(granted.AccessKeyId, granted.SecretAccessKey, granted.SessionToken), expires, expires - margin);
    }

    private bool IsTooLong(AmazonSecurityTokenServiceException e)
        => _duration > ChainedSession && e.ErrorCode is "ValidationError" && e.Message.Contains("DurationSeconds", StringComparison.Ordinal);

    private sealed record Session(ImmutableCredentials Credentials, DateTimeOffset Expires, DateTimeOffset RenewAt);
}
