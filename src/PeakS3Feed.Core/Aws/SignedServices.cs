using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Aws;

/// <summary>
/// The services that one destination calls, in one region: one HTTP client, one set of credentials, one way of retries. The credentials are a profile
/// or the SDK's default chain, never those of a connection.
/// </summary>
internal sealed class SignedServices : IDisposable
{
    private readonly SharedHttpClient _http = new();
    private readonly List<IDisposable> _owned = [];
    private readonly Lock _lock = new();
    private readonly string _region;
    private readonly string? _url;
    private readonly ICredentialErrors _errors;
    private readonly ILogger _logger;
    private readonly Lazy<ICredentialSource> _credentials;

    /// <summary>Creates the services. Makes no request and reads no profile before the first call.</summary>
    /// <param name="region">The region.</param>
    /// <param name="profileName">The name of a profile, or null for the default chain.</param>
    /// <param name="url">Another address of all services; see <see cref="ServiceEndpoint.Create"/>. STS keeps its own.</param>
    /// <param name="errors">Creates the errors about the credentials.</param>
    /// <param name="loggers">Logs retries and renewals.</param>
    /// <param name="time">The clock of signatures, retries and expiries.</param>
    /// <param name="budget">The limits of retries; null for those of runs.</param>
    /// <param name="credentials">The credentials themselves instead of the profile, or null.</param>
    public SignedServices(
        string region, string? profileName, string? url, ICredentialErrors errors, ILoggerFactory loggers, TimeProvider time,
        RetryBudget? budget = null, ICredentialSource? credentials = null)
    {
        SdkDependencies.Register();
        (_region, _url, _errors) = (region, url, errors);
        _logger = loggers.CreateLogger("PeakS3Feed.Destinations");
        Calls = new ServiceCalls(budget ?? RetryBudget.ForRuns, time, _logger);
        _credentials = new(() => credentials ?? new BaseCredentials(profileName, StsConfig, errors, Assume).Find(null),
            LazyThreadSafetyMode.PublicationOnly); // an error is not kept: the profile may exist at the next call
    }

    /// <summary>Makes calls with retries.</summary>
    public ServiceCalls Calls { get; }

    /// <summary>Creates the client of a service. Clients share connections and credentials; they need no disposal.</summary>
    /// <param name="service">The service, for example <c>redshift-data</c>.</param>
    /// <exception cref="PeakS3Feed.Errors.FeedException">The profile does not exist.</exception>
    public SignedServiceClient Create(string service)
        => new(ServiceEndpoint.Create(service, _region, _url), _credentials.Value, _http.Client, Calls);

    /// <inheritdoc/>
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

    private RoleSession Assume(RoleRequest role, ICredentialSource source)
    {
        var session = new RoleSession(role, source, CreateSts, Calls, e => _errors.RoleRefused(role, e), _logger);
        lock (_lock)
            _owned.Add(session);
        return session;
    }

    private IAmazonSecurityTokenService CreateSts(ImmutableCredentials? credentials)
        => new AmazonSecurityTokenServiceClient(ClientFactory.Fixed(credentials), StsConfig());

    private AmazonSecurityTokenServiceConfig StsConfig() => new()
    {
        RegionEndpoint = RegionEndpoint.GetBySystemName(_region), HttpClientFactory = _http, MaxErrorRetry = 0,
    };
}
