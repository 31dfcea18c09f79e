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
internal sealed class RoleSession : ICredentialSource, IDisposable
{
    /// <summary>The maximum for a session that a role's session requests; also the lowest maximum that a role can have.</summary>
    private static readonly TimeSpan ChainedSession = TimeSpan.FromHours(1);

    private readonly RoleRequest _role;
    private readonly ICredentialSource _source;
    private readonly Func<ImmutableCredentials?, IAmazonSecurityTokenService> _createClient;
    private readonly ServiceCalls _calls;
    private readonly Func<Exception, FeedException> _refused;
    private readonly ILogger _logger;
    private readonly RenewedValue<ImmutableCredentials> _session;

    public RoleSession(
        RoleRequest role, ICredentialSource source, Func<ImmutableCredentials?, IAmazonSecurityTokenService> createClient, ServiceCalls calls,
        Func<Exception, FeedException> refused, ILogger logger)
    {
        (_role, _source, _createClient, _calls, _refused, _logger) = (role, source, createClient, calls, refused, logger);
        Duration = role.Duration;
        _session = new(AssumeAsync, calls.Time, (e, expires) => logger.LogWarning(
            "The session of {Role} could not be renewed ({Reason}); it lasts until {Expires:u}", role.RoleArn, e.Message, expires));
    }

    /// <summary>The duration to request: the connection's, until STS refuses it.</summary>
    public TimeSpan Duration { get; private set; }

    public async ValueTask<ImmutableCredentials?> GetAsync(CancellationToken cancellationToken) => await _session.GetAsync(cancellationToken);

    public void Forget(ImmutableCredentials credentials) => _session.Forget(credentials);

    public void Dispose() => _session.Dispose();

    private async Task<GrantedValue<ImmutableCredentials>> AssumeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.RunAsync("Assuming " + _role.RoleArn, CallStsAsync, cancellationToken);
        }
        catch (AmazonSecurityTokenServiceException e) when (IsTooLong(e))
        {
            _logger.LogWarning("STS grants no session of {Hours:0.##} hours for {Role}; going on with sessions of one hour", Duration.TotalHours,
                _role.RoleArn);
            Duration = ChainedSession;
            return await AssumeAsync(cancellationToken);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw _refused(e);
        }
    }

    private async Task<GrantedValue<ImmutableCredentials>> CallStsAsync(CancellationToken cancellationToken)
    {
        var request = new AssumeRoleRequest
        {
            RoleArn = _role.RoleArn,
            RoleSessionName = _role.SessionName,
            ExternalId = _role.ExternalId,
            DurationSeconds = (int)Duration.TotalSeconds,
        };
        using var client = _createClient(await _source.GetAsync(cancellationToken));
        var requested = _calls.Time.GetUtcNow();
        var granted = (await client.AssumeRoleAsync(request, cancellationToken)).Credentials ?? throw new UnexpectedResponseException();
        DateTimeOffset? stated = granted.Expiration is { } end ? new DateTimeOffset(end.ToUniversalTime()) : null;
        var session = GrantedValue<ImmutableCredentials>.Create(
            new ImmutableCredentials(granted.AccessKeyId, granted.SecretAccessKey, granted.SessionToken), requested, Duration, stated);
        _logger.LogDebug("Assumed {Role} as {Session} until {Expires:u}", _role.RoleArn, _role.SessionName, session.Expires);
        return session;
    }

    private bool IsTooLong(AmazonSecurityTokenServiceException e)
        => Duration > ChainedSession && e.ErrorCode is "ValidationError" && e.Message.Contains("DurationSeconds", StringComparison.Ordinal);
}
