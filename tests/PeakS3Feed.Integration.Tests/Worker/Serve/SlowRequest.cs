using System.Net.Sockets;
using System.Text;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>A request whose body does not come to its end, written by hand.</summary>
internal sealed class SlowRequest : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly CancellationTokenSource _over = new();

    /// <summary>The answer as far as it came; empty where the connection was cut without one.</summary>
    public Task<string> Answer { get; private set; } = Task.FromResult("");

    /// <summary>Begins one.</summary>
    /// <param name="to">Whom to ask.</param>
    /// <param name="path">The path.</param>
    /// <param name="headers">Headers besides those of host and length, each with its line's end.</param>
    /// <param name="length">How long the body is said to be.</param>
    /// <param name="sent">How much of it is sent at once.</param>
    /// <param name="drips">Whether more is sent all the time, ten times a second, so that it is no silence.</param>
    public static async Task<SlowRequest> BeginAsync(Uri to, string path, string headers, int length, int sent = 0, bool drips = false)
    {
        var request = new SlowRequest();
        await request._client.ConnectAsync(to.Host, to.Port);
        var stream = request._client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {to.Authority}\r\nContent-Length: {length}\r\n{headers}\r\n"));
        request.Answer = ReadAsync(stream, request._over.Token);
        _ = request.SendAsync(stream, sent, drips);
        return request;
    }

    public void Dispose()
    {
        _over.Cancel();
        _client.Dispose();
        _over.Dispose();
    }

    private async Task SendAsync(NetworkStream stream, int sent, bool drips)
    {
        var over = _over.Token;
        try
        {
            var part = new byte[16 * 1024];
            for (; sent > 0; sent -= part.Length)
                await stream.WriteAsync(part.AsMemory(0, Math.Min(sent, part.Length)), over);
            while (drips)
            {
                await stream.WriteAsync(part.AsMemory(0, 40), over);
                await Task.Delay(100, over);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The worker hung up, or the test is over.
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken over)
    {
        var buffer = new byte[1024];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, over));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return "";
        }
    }
}
