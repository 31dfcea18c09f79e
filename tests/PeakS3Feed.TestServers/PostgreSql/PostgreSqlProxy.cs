using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PeakS3Feed.TestServers.PostgreSql;

/// <summary>What becomes of a message.</summary>
public enum Fate
{
    /// <summary>The server does it; the connection ends before the answer is passed on.</summary>
    AnswerLost,

    /// <summary>The connection ends before the server gets it.</summary>
    NeverSent,
}

/// <summary>
/// Forwards between a client and a PostgreSQL server without TLS, and counts statements. If it is armed, a certain statement, usually a COMMIT, loses its
/// connection. It reads the client's messages as far as needed (PostgreSQL documentation, "Message Formats"): after the start-up message, each has a
/// type byte and a length.
/// </summary>
public sealed class PostgreSqlProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private Fate? _armed;
    private string _text = "";
    private int _refusalsAfterwards;
    private int _refusals;
    private long _statements;
    private volatile bool _silent;

    /// <summary>Starts to listen on a free port of the loopback address.</summary>
    /// <param name="host">The server's host name.</param>
    /// <param name="port">The server's port.</param>
    public PostgreSqlProxy(string host, int port)
    {
        _host = host;
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port of the proxy.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The statements that clients have sent: simple queries, and executions of prepared statements.</summary>
    public long Statements => Interlocked.Read(ref _statements);

    /// <summary>How many messages met their fate.</summary>
    public int Dropped { get; private set; }

    /// <summary>Lets the next statement with this text meet its fate; so many attempts to connect again are refused.</summary>
    public void Arm(Fate fate, string text = "COMMIT", int refusals = 0)
    {
        _armed = fate;
        _text = text;
        _refusalsAfterwards = refusals;
    }

    /// <summary>Passes nothing on any more, in either direction, and leaves all connections open.</summary>
    public void FallSilent() => _silent = true;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var pairs = new List<Task>();
        try
        {
            while (true)
                pairs.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(pairs);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            if (_refusals > 0)
            {
                _refusals--;
                return;
            }
            try
            {
                await server.ConnectAsync(_host, _port, _closing.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                var silent = new Silence();
                var up = UpAsync(client.GetStream(), server.GetStream(), silent, ended.Token);
                var down = DownAsync(server.GetStream(), client.GetStream(), silent, ended.Token);
                await Task.WhenAny(up, down);
                client.Client.LingerState = new LingerOption(enable: true, seconds: 0); // a reset, as from a router that forgot us
                client.Close();
                server.Close();
                await ended.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // One of both is gone.
            }
        }
    }

    private async Task UpAsync(NetworkStream client, NetworkStream server, Silence silence, CancellationToken cancellationToken)
    {
        try
        {
            var header = new byte[5];
            await client.ReadExactlyAsync(header.AsMemory(0, 4), cancellationToken);
            await server.WriteAsync(header.AsMemory(0, 4), cancellationToken);
            await CopyAsync(client, server, Length(header) - 4, cancellationToken);
            while (true)
            {
                await client.ReadExactlyAsync(header, cancellationToken);
                var body = new byte[Length(header.AsSpan(1)) - 4];
                await client.ReadExactlyAsync(body, cancellationToken);
                if (header[0] is (byte)'Q' or (byte)'E')
                    Interlocked.Increment(ref _statements);
                if (_armed is { } fate && header[0] is (byte)'Q' or (byte)'P' && Encoding.UTF8.GetString(body).Contains(_text, StringComparison.OrdinalIgnoreCase))
                {
                    (_armed, _refusals) = (null, _refusalsAfterwards);
                    Dropped++;
                    if (fate == Fate.NeverSent)
                        return;
                    silence.Begin();
                }
                await PassAsync(cancellationToken);
                await server.WriteAsync(header, cancellationToken);
                await server.WriteAsync(body, cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // One of both is gone.
        }
    }

    private async Task DownAsync(NetworkStream server, NetworkStream client, Silence silence, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await server.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (silence.Began)
                    return; // the answer has come, so the server has done it
                await PassAsync(cancellationToken);
                await client.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // One of both is gone.
        }
    }

    private Task PassAsync(CancellationToken cancellationToken) => _silent ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask;

    private static int Length(ReadOnlySpan<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes);

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await from.ReadExactlyAsync(bytes, cancellationToken);
        await to.WriteAsync(bytes, cancellationToken);
    }

    private sealed class Silence
    {
        private volatile bool _began;

        public bool Began => _began;

        public void Begin() => _began = true;
    }
}
