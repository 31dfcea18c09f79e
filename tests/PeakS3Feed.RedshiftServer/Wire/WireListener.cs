using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using PeakS3Feed.TestServers.Control;

namespace PeakS3Feed.RedshiftServer.Wire;

/// <summary>Accepts clients, and passes on their requests to cancel what another connection does.</summary>
internal sealed class WireListener : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly ServerParts _parts;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<WireSession, Task> _sessions = new();
    private readonly Task _accepting;

    public WireListener(ServerParts parts, int port)
    {
        _parts = parts;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends what a session runs itself, if the key is its own.</summary>
    public void Cancel(long key)
    {
        foreach (var session in _sessions.Keys.Where(s => s.Key == key))
            session.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_sessions.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                var session = new WireSession(client, _parts, this);
                _sessions[session] = RunAsync(session);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server stops.
        }
    }

    private async Task RunAsync(WireSession session)
    {
        await Task.Yield();
        try
        {
            await session.RunAsync(_stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException
            or System.Threading.Channels.ChannelClosedException or DroppedException)
        {
            // One of the two sides is gone; the other one learns it when its connection closes.
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"redshift: a session broke: {e}");
        }
        finally
        {
            session.Dispose();
            _sessions.TryRemove(session, out _);
        }
    }
}
