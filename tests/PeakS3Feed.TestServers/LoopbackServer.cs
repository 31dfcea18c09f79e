using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PeakS3Feed.TestServers;

/// <summary>An HTTP/1.1 server on a loopback port of its own.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private LoopbackServer(WebApplication server, string url) => (_server, Url) = (server, url);

    /// <summary>Its address: <c>http://127.0.0.1:port</c>.</summary>
    public string Url { get; }

    /// <summary>Starts a server with one answer to all requests.</summary>
    /// <param name="answer">Answers each request.</param>
    /// <param name="certificate">The certificate for TLS; null for plain HTTP.</param>
    public static Task<LoopbackServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
        => StartAsync(app => app.Run(answer), 0, certificate);

    /// <summary>Starts a server.</summary>
    /// <param name="map">Maps requests to answers.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="certificate">The certificate for TLS; null for plain HTTP.</param>
    /// <param name="ct">Stops the start.</param>
    public static async Task<LoopbackServer> StartAsync(
        Action<WebApplication> map, int port, X509Certificate2? certificate = null, CancellationToken ct = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(System.Net.IPAddress.Loopback, port, o =>
            {
                o.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                    o.UseHttps(certificate);
            });
            k.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        map(app);
        await app.StartAsync(ct);
        return new(app, app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        using var quick = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            await _server.StopAsync(quick.Token);
        }
        finally
        {
            await _server.DisposeAsync();
        }
    }
}
