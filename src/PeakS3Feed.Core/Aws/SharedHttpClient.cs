using Amazon.Runtime;

namespace PeakS3Feed.Aws;

/// <summary>One pool of connections for all the clients of one connection, whichever session they sign with.</summary>
internal sealed class SharedHttpClient : HttpClientFactory, IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private readonly HttpClient _client;

    public SharedHttpClient()
    {
        // The proxy is the system's (HTTPS_PROXY, NO_PROXY). The lifetime lets a change of the server's addresses through.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        _client = new HttpClient(handler) { Timeout = HeaderTimeout };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();
}
