using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Watchers.Sending;

/// <summary>Sends messages through a mail server.</summary>
/// <param name="secrets">Resolves the password.</param>
/// <param name="validateCertificate">Decides whether to trust a server's certificate; null for the system's decision.</param>
internal sealed class MailSender(ISecretResolver secrets, RemoteCertificateValidationCallback? validateCertificate = null)
{
    /// <summary>Sends a message.</summary>
    /// <exception cref="FeedException"><c>WatcherMailFailed</c>, and errors about secrets.</exception>
    public async Task SendAsync(S3FeedWatcher watcher, Guid id, WatcherMessage message, CancellationToken cancellationToken)
    {
        var password = watcher.Password is { } reference ? await secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken) : null;
        using var mail = Mail.Create(watcher, id, message);
        // Revocation lists are usually not reachable from the networks of workers, and no other connection of PeakS3Feed checks them.
        using var client = new SmtpClient { ServerCertificateValidationCallback = validateCertificate, CheckCertificateRevocation = false };
        var server = $"{watcher.SmtpHost}:{GetPort(watcher)}";
        try
        {
            await client.ConnectAsync(watcher.SmtpHost!, GetPort(watcher), GetSecurity(watcher), cancellationToken);
            if (password is not null)
                await client.AuthenticateAsync(watcher.Username!, password, cancellationToken);
            await client.SendAsync(mail, cancellationToken);
        }
        catch (Exception e) when (Describe(e, watcher) is { } reason)
        {
            throw WatcherErrors.MailRefused(server, reason, e);
        }
        await DisconnectAsync(client, cancellationToken);
    }

    // The server has accepted the message, so errors of closing the connection do not matter.
    private static async Task DisconnectAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception)
        {
            // The server closed the connection.
        }
    }

    private static int GetPort(S3FeedWatcher watcher) => watcher.SmtpPort > 0 ? watcher.SmtpPort : watcher.Security switch
    {
        SmtpSecurity.StartTls => 587,
        SmtpSecurity.Tls => 465,
        _ => 25,
    };

    private static SecureSocketOptions GetSecurity(S3FeedWatcher watcher) => watcher.Security switch
    {
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    private static string? Describe(Exception error, S3FeedWatcher watcher) => error switch
    {
        MailKit.Security.AuthenticationException => "it refused the user or the password",
        ServiceNotAuthenticatedException => "it requires a login. Give the watcher Username and Password",
        SslHandshakeException => $"the TLS handshake failed. The certificate may not be trusted, or not be for {watcher.SmtpHost}, "
            + "or the port may not support TLS from the first byte",
        NotSupportedException => watcher.Security == SmtpSecurity.StartTls && !error.Message.Contains("AUTH", StringComparison.OrdinalIgnoreCase)
            ? "it does not support STARTTLS, and messages are not sent unencrypted"
            : "it does not support logins",
        SmtpCommandException refused => $"it answered {(int)refused.StatusCode}: {SingleLine.From(refused.Message)}",
        SocketException socket => SingleLine.From(socket.Message),
        ProtocolException or IOException => $"it closed the connection or does not support SMTP: {SingleLine.From(error.Message)}",
        _ => null,
    };
}
