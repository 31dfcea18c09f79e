using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>The AWS clients of one connection: base credentials, the role's session, and the S3 clients that use them.</summary>
internal sealed class AwsClients : IDisposable
{
    // More than one, because another session may expire during a slow call.
    private const int MaxRenewals = 3;

    private readonly SharedHttpClient _http = new();
    private readonly List<IDisposable> _owned = [];
    private readonly Lock _lock = new();
    private readonly S3Connection _connection;
    private readonly SourceIdentity _identity;
    private readonly AccessKey? _accessKey;
    private readonly ILogger _logger;
    private readonly ClientFactory _factory;
    private readonly ConnectionCredentialErrors _errors;
    private ICredentialSource? _base;
    private ICredentialSource? _credentials;
    private S3Session? _session;

    public AwsClients(
        S3Connection connection, SourceIdentity identity, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time, RetryBudget? budget = null)
    {
        SdkDependencies.Register();
        _connection = connection;
        _identity = identity;
        _accessKey = accessKey;
        _logger = loggers.CreateLogger("PeakS3Feed.Connections");
        _factory = new ClientFactory(connection, _http);
        _errors = new ConnectionCredentialErrors(connection);
        Calls = new ServiceCalls(budget ?? RetryBudget.ForRuns, time, loggers.CreateLogger("PeakS3Feed.Sources"));
    }

    /// <summary>Makes calls with retries.</summary>
    public ServiceCalls Calls { get; }

    /// <summary>Returns the base credentials, before the connection's role; null for none. Throws if they cannot be found.</summary>
    public ValueTask<ImmutableCredentials?> GetBaseAsync(CancellationToken cancellationToken) => Base().GetAsync(cancellationToken);

    /// <summary>Returns the ARN of the base credentials, from STS.</summary>
    public Task<string> GetCallerAsync(CancellationToken cancellationToken) => Calls.RunAsync(
        "Getting the caller's identity from STS",
        async c =>
        {
            using var sts = _factory.Sts(await GetBaseAsync(c));
            return (await sts.GetCallerIdentityAsync(new(), c)).Arn;
        },
        cancellationToken);

    /// <summary>
    /// The duration of the role's sessions, which may be shorter than requested; null without a role or before the first session.
    /// </summary>
    public TimeSpan? SessionDuration => (_credentials as RoleSession)?.Duration;

    /// <summary>Returns the credentials that sign requests to S3; null for none.</summary>
    public ValueTask<ImmutableCredentials?> GetCredentialsAsync(CancellationToken cancellationToken) => Credentials().GetAsync(cancellationToken);

    /// <summary>Returns a client with valid credentials. Call this for each request, and do not dispose the client.</summary>
    public async ValueTask<S3Session> GetS3Async(CancellationToken cancellationToken)
    {
        var credentials = await GetCredentialsAsync(cancellationToken);
        lock (_lock)
        {
            if (_session is { } current && Same(current.Credentials, credentials))
                return current;

            // Clients of earlier sessions may still be in use. They are small, and share their connections.
            var client = _factory.S3(credentials);
            _owned.Add(client);
            return _session = new S3Session(client, credentials);
        }
    }

    /// <summary>Creates clients with the settings of the connection.</summary>
    public ClientFactory Factory => _factory;

    /// <summary>Drops a session that the service refused as expired. The next request gets another one.</summary>
    public void Forget(S3Session session)
    {
        if (session.Credentials is { } credentials)
            Forget(credentials);
    }

    /// <summary>Drops credentials that a service refused as expired.</summary>
    public void Forget(ImmutableCredentials credentials) => Credentials().Forget(credentials);

    /// <summary>Makes one call to S3, with retries. Gets another session if its session has expired.</summary>
    /// <param name="what">A description for the log: <c>Listing s3://acme/in/</c>.</param>
    /// <param name="call">One attempt.</param>
    /// <param name="cancellationToken">Cancels attempts and delays.</param>
    public Task<T> CallAsync<T>(string what, Func<S3Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken) => Calls.RunAsync(
        what,
        async c =>
        {
            for (var renewals = 0; ; renewals++)
            {
                var session = await GetS3Async(c);
                try
                {
                    return await call(session.Client, c);
                }
                catch (AmazonS3Exception e) when (renewals < MaxRenewals && session.IsTemporary && ServiceFailure.From(e).IsSessionOver)
                {
                    Forget(session);
                }
            }
        },
        cancellationToken);

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var owned in _owned)
                owned.Dispose();
            _owned.Clear();
        }
        _http.Dispose();
    }

    private ICredentialSource Base()
    {
        lock (_lock)
        {
            return _base ??= _connection.Anonymous
                ? new StaticCredentials(null)
                : new BaseCredentials(_connection.ProfileName, _factory.S3Config, _errors, Assume).Find(_accessKey);
        }
    }

    private ICredentialSource Credentials()
    {
        lock (_lock)
        {
            return _credentials ??= _connection.RoleArn is { } role
                ? Assume(new RoleRequest(role, _connection.ExternalId, _identity.SessionName, _connection.SessionDuration), Base())
                : Base();
        }
    }

    private RoleSession Assume(RoleRequest role, ICredentialSource source)
    {
        var session = new RoleSession(role, source, _factory.Sts, Calls, e => _errors.RoleRefused(role, e), _logger);
        _owned.Add(session);
        return session;
    }

    /// <summary>Returns whether two credentials are equal.</summary>
    public static bool Same(ImmutableCredentials? a, ImmutableCredentials? b)
        => a is null || b is null ? a is null && b is null : string.Equals(a.AccessKey, b.AccessKey, StringComparison.Ordinal)
                && string.Equals(a.SecretKey, b.SecretKey, StringComparison.Ordinal)
                && string.Equals(a.Token, b.Token, StringComparison.Ordinal);
}
