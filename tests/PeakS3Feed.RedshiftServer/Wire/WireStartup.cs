using PeakS3Feed.RedshiftServer.Protocol;

namespace PeakS3Feed.RedshiftServer.Wire;

/// <summary>
/// The begin of a session, with TLS if the server has a certificate. The login is PostgreSQL's own; Redshift's (codes 13 and 14) is not
/// imitated.
/// </summary>
internal sealed class WireStartup(WireStream client, ServerParts parts, WireListener listener)
{
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;
    private const int CancelRequest = 80877102;

    // What PostgreSQL 8.0 reports; later versions report more.
    private static readonly string[] Reported =
    [
        "server_version", "server_encoding", "client_encoding", "is_superuser", "session_authorization", "datestyle", "timezone", "integer_datetimes",
    ];

    /// <summary>The startup message; null if the client leaves or only cancels.</summary>
    public async Task<byte[]?> ReadAsync(CancellationToken ct)
    {
        while (await client.ReadStartupAsync(ct) is { } body)
        {
            switch (new WireReader(body).Int())
            {
                case SslRequest when parts.Certificate is { } certificate:
                    await client.WriteByteAsync('S', ct);
                    await client.EncryptAsync(certificate, ct);
                    break;
                case SslRequest or GssRequest: await client.WriteByteAsync('N', ct); break;
                case CancelRequest: await CancelAsync(body, ct); return null;
                default: return body;
            }
        }
        return null;
    }

    /// <summary>Passes the login on to PostgreSQL, until it waits for a query.</summary>
    /// <returns>The key to cancel with.</returns>
    public async Task<long> LogInAsync(Backend backend, byte[] parameters, CancellationToken ct)
    {
        await backend.SendStartupAsync(WithoutPrefix(parameters), ct);
        var key = 0L;
        while (true)
        {
            var message = await backend.ReadAsync(ct);
            if (Reports(message) is { } shown)
                await client.WriteAsync(shown, ct);
            if (message.Type is 'K')
                key = CancelKey(message.Body);
            if (message.Type is 'Z')
                return key;
            if (message.Type is 'E' || (message.Type is 'R' && WaitsForAnswer(message)))
                await client.FlushAsync(ct);
            if (message.Type is 'R' && WaitsForAnswer(message))
                await backend.SendAsync(await client.ReadAsync(ct) ?? throw new IOException("The client left during its login."), ct);
        }
    }

    // The services that grant logins name a user "IAM:name"; PostgreSQL knows "name".
    private static byte[] WithoutPrefix(byte[] parameters)
    {
        var prefix = "user\0IAM:"u8;
        var at = parameters.AsSpan().IndexOf(prefix);
        return at < 0 ? parameters : [.. parameters[..(at + 5)], .. parameters[(at + prefix.Length)..]];
    }

    /// <summary>A message as Redshift would send it; null if it would not.</summary>
    public static WireMessage? Reports(WireMessage message)
    {
        if (message.Type is not 'S')
            return message;
        var reader = new WireReader(message.Body);
        var name = reader.Text();
        if (name == "server_version")
            return WireMessage.FromTexts('S', name, "8.0.2");
        return Reported.Contains(name, StringComparer.OrdinalIgnoreCase) ? message : null;
    }

    private static bool WaitsForAnswer(WireMessage message) => new WireReader(message.Body).Int() is 3 or 5 or 10 or 11;

    private static long CancelKey(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        return ((long)reader.Int() << 32) | (uint)reader.Int();
    }

    private async Task CancelAsync(byte[] body, CancellationToken ct)
    {
        listener.Cancel(CancelKey(body.AsMemory(4)));
        using var backend = await Backend.ConnectAsync(parts.Backend.Host!, parts.Backend.Port, ct);
        await backend.SendStartupAsync(body, ct);
        await backend.WaitAsync(ct); // PostgreSQL closes the connection when it has passed the request on
    }
}
