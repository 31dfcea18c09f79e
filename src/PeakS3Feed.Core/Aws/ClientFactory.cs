using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Aws;

/// <summary>Creates the SDK's clients with the settings of a connection. <see cref="ServiceCalls"/> retries, so the SDK does not.</summary>
internal sealed class ClientFactory(S3Connection connection, HttpClientFactory http)
{
    /// <summary>The region in signatures for servers that ignore it.</summary>
    public const string AnyRegion = "us-east-1";

    public AmazonS3Config S3Config()
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = connection.ForcePathStyle,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            UseArnRegion = true,
        };
        config.EndpointProvider = new RememberedEndpoint(config.EndpointProvider);
        Place(config, connection.EndpointUrl);
        return config;
    }

    public S3Client S3(ImmutableCredentials? credentials) => new(Fixed(credentials), S3Config());

    public IAmazonSecurityTokenService Sts(ImmutableCredentials? credentials)
    {
        var config = new AmazonSecurityTokenServiceConfig();

        // Other servers (Ceph, MinIO) answer STS requests at the address of S3.
        Place(config, connection.StsEndpointUrl ?? (connection.IsOnAmazon ? null : connection.EndpointUrl));
        return new AmazonSecurityTokenServiceClient(Fixed(credentials), config);
    }

    /// <summary>Makes a client share the connections of the others, and leave retries to <see cref="ServiceCalls"/>.</summary>
    public void Share(ClientConfig config)
    {
        config.HttpClientFactory = http;
        config.MaxErrorRetry = 0;
    }

    private void Place(ClientConfig config, string? endpoint)
    {
        Share(config);
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(connection.Region ?? AnyRegion);
            return;
        }
        config.ServiceURL = endpoint;
        config.AuthenticationRegion = connection.Region ?? AnyRegion;
    }

    /// <summary>Wraps credentials for a client of the SDK; anonymous ones for null.</summary>
    public static AWSCredentials Fixed(ImmutableCredentials? credentials) => credentials switch
    {
        null => new AnonymousAWSCredentials(),
        { UseToken: true } => new SessionAWSCredentials(credentials.AccessKey, credentials.SecretKey, credentials.Token),
        _ => new BasicAWSCredentials(credentials.AccessKey, credentials.SecretKey),
    };
}

/// <summary>One HTTP client, and so one pool of connections, for all clients of a connection or a destination, also across sessions.</summary>
internal sealed class SharedHttpClient : HttpClientFactory, IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The maximum for responses that are read as a whole; the SDK reads its own as streams.</summary>
    private const int MaxBufferedBytes = 64 << 20;

    private readonly HttpClient _client;

    public SharedHttpClient()
    {
        // The system's proxy applies (HTTPS_PROXY, NO_PROXY). With a limited lifetime of connections, the pool follows changes of the server's
        // addresses.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        _client = new HttpClient(handler) { Timeout = HeaderTimeout, MaxResponseContentBufferSize = MaxBufferedBytes };
    }

    /// <summary>The client itself, for requests that the SDK does not make. Do not dispose it.</summary>
    public HttpClient Client => _client;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();
}
