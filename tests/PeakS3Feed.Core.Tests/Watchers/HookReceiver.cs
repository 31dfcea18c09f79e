using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PeakS3Feed.Tests.Watchers;

/// <summary>A receiver of webhooks on loopback, which answers as it is told.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public HookReceiver()
    {
        var port = FreePort();
        Url = $"http://localhost:{port}/hook";
        _listener.Prefixes.Add($"http://localhost:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<(string Path, Dictionary<string, string?> Headers, byte[] Body)> Requests { get; } = new();

    /// <summary>How the n-th request is answered; 200 when nothing is said.</summary>
    public Action<int, HttpListenerResponse> Answer { get; set; } = (_, _) => { };

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        ((IDisposable)_listener).Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var headers = context.Request.Headers.AllKeys.ToDictionary(k => k!, k => context.Request.Headers[k], StringComparer.OrdinalIgnoreCase);
            Requests.Enqueue((context.Request.Url!.AbsolutePath, headers, body.ToArray()));
            Answer(Requests.Count, context.Response);
            try
            {
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
            {
                // The sender has read enough.
            }
        }
    }
}
