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
/// <param name="trusts">Whether a server's certificate is trusted; null for what the system trusts.</param>
internal sealed class MailSender(ISecretResolver secrets, RemoteCertificateValidationCallback? trusts = null)
{
    /// <summary>Sends a message.</summary>
    /// <exception cref="FeedException"><c>WatcherMailFailed</c>; what resolving secrets throws.</exception>
    public async Task SendAsync(S3FeedWatcher watcher, Guid id, WatcherMessage message, CancellationToken cancellationToken)
    {
        var password = watcher.Password is { } reference ? await secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken) : null;
        using var mail = Mail.Create(watcher, id, message);
        // Lists of revoked certificates are seldom to be had from where workers run, and nothing else of ours asks for them.
        using var client = new SmtpClient { ServerCertificateValidationCallback = trusts, CheckCertificateRevocation = false };
        var server = $"{watcher.SmtpHost}:{PortOf(watcher)}";
        try
        {
            await client.ConnectAsync(watcher.SmtpHost!, PortOf(watcher), SecurityOf(watcher), cancellationToken);
            if (password is not null)
                await client.AuthenticateAsync(watcher.Username!, password, cancellationToken);
            await client.SendAsync(mail, cancellationToken);
        }
        catch (Exception e) when (Describe(e, watcher) is { } reason)
        {
            throw WatcherErrors.MailRefused(server, reason, e);
        }
        await GoodbyeAsync(client, cancellationToken);
    }

    // The message is with the server by now, whatever becomes of the connection.
    private static async Task GoodbyeAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception)
        {
            // It has hung up.
        }
    }

    private static int PortOf(S3FeedWatcher watcher) => watcher.SmtpPort > 0 ? watcher.SmtpPort : watcher.Security switch
    {
        SmtpSecurity.StartTls => 587,
        SmtpSecurity.Tls => 465,
        _ => 25,
    };

    private static SecureSocketOptions SecurityOf(S3FeedWatcher watcher) => watcher.Security switch
    {
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    private static string? Describe(Exception error, S3FeedWatcher watcher) => error switch
    {
        MailKit.Security.AuthenticationException => "it refused the user or the password",
        ServiceNotAuthenticatedException => "it wants a login; give the watcher Username and Password",
        SslHandshakeException => $"TLS could not be agreed on; its certificate may not be trusted, or not be for {watcher.SmtpHost}, or this port may not speak TLS from the first byte",
        NotSupportedException => watcher.Security == SmtpSecurity.StartTls && !error.Message.Contains("AUTH", StringComparison.OrdinalIgnoreCase)
            ? "it offers no STARTTLS, and nothing is sent in the clear"
            : "it does not let anybody log in",
        SmtpCommandException refused => $"it answered {(int)refused.StatusCode}: {SingleLine.From(refused.Message)}",
        SocketException socket => SingleLine.From(socket.Message),
        ProtocolException or IOException => $"it hung up or speaks no SMTP: {SingleLine.From(error.Message)}",
        _ => null,
    };
}
