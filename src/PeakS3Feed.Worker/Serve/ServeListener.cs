using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PeakS3Feed.Secrets;
using PeakS3Feed.Worker.Serve.Hooks;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Configures Kestrel: addresses, TLS and read-ahead limits.</summary>
internal static class ServeListener
{
    private const long MaxFormBytes = 16 * 1024;

    /// <summary>Sets up Kestrel. Reads the certificate.</summary>
    public static async Task ListenAsync(WebApplicationBuilder builder, ServeSettings settings, ISecretResolver secrets,
        CancellationToken cancellationToken)
    {
        var certificate = settings.Certificate is null ? null : await CertificateFile.ReadAsync(settings, secrets, cancellationToken);
        builder.WebHost.UseKestrelHttpsConfiguration();
        // The bytes of a request that are read before the endpoint reads them: by the socket, and again by TLS and HTTP/2.
        builder.WebHost.UseSockets(sockets => sockets.MaxReadBufferSize = HookBody.SmallBytes);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // For the sign-in form. Webhooks accept more: they count the bytes themselves and answer with a reason.
            kestrel.Limits.MaxRequestBodySize = MaxFormBytes;
            kestrel.Limits.MaxRequestBufferSize = HookBody.SmallBytes;
            kestrel.Limits.Http2.InitialConnectionWindowSize = HookBody.SmallBytes;
            kestrel.Limits.Http2.InitialStreamWindowSize = HookBody.SmallBytes;
            foreach (var address in settings.Addresses)
                kestrel.Listen(address.Address, address.Port, listen => Secure(listen, address.Tls));
        });

        void Secure(ListenOptions listen, bool tls)
        {
            if (tls)
                listen.UseHttps(certificate!.Certificate, https => https.ServerCertificateChain = certificate.Chain);
        }
    }

    /// <summary>Finds the socket error that prevents listening; null if something else failed.</summary>
    public static SocketError? FindSocketError(Exception? error)
    {
        while (error is not (null or SocketException))
            error = error.InnerException;
        return (error as SocketException)?.SocketErrorCode;
    }
}
