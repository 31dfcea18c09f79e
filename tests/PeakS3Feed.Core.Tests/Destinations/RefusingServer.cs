using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Answers each start of a session over PostgreSQL's wire protocol with the same bytes, and ends it.</summary>
internal sealed class RefusingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;
    private readonly List<string> _starts = [];

    private RefusingServer(byte[] answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AnswerAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Contacts => _starts.Count;

    /// <summary>The messages with which sessions began.</summary>
    public IReadOnlyList<string> Starts => _starts;

    /// <summary>Answers with an error.</summary>
    public static RefusingServer WithError(string code, string words)
        => new(Message('E', Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{code}\0M{words}\0\0")));

    /// <summary>Asks for a method of login.</summary>
    public static RefusingServer WithLogin(byte method) => new(Message('R', [0, 0, 0, method, 0, 0, 0, 0]));

    /// <summary>Answers with bytes of another protocol.</summary>
    public static RefusingServer WithText(string text) => new(Encoding.ASCII.GetBytes(text));

    public void Dispose() => _listener.Dispose();

    private static byte[] Message(char type, byte[] body)
    {
        var length = body.Length + 4;
        return [(byte)type, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. body];
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var start = new byte[4096];
                var read = await stream.ReadAsync(start);
                if (read == 0)
                    continue;
                _starts.Add(Encoding.UTF8.GetString(start, 0, read));
                await stream.WriteAsync(_answer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
