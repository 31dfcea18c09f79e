using System.Net.Sockets;
using System.Threading.Channels;

namespace PeakS3Feed.RedshiftServer.Protocol;

/// <summary>What a query of the stand-in's own got from PostgreSQL.</summary>
/// <param name="Rows">The rows as text.</param>
/// <param name="Tag">The tag of its last command; empty if it failed.</param>
/// <param name="Error">Its error; null if it did not fail.</param>
internal sealed record InjectedResult(IReadOnlyList<IReadOnlyList<string?>> Rows, string Tag, WireMessage? Error);

/// <summary>The connection to PostgreSQL. It knows the state of the transaction from what passes.</summary>
internal sealed class Backend : IDisposable
{
    private readonly TcpClient _client;
    private readonly WireStream _stream;
    private readonly Channel<WireMessage> _messages = Channel.CreateBounded<WireMessage>(256);

    private Backend(TcpClient client)
    {
        _client = client;
        _stream = new WireStream(client.GetStream());
    }

    /// <summary>I: no transaction; T: in one; E: in one that failed.</summary>
    public char Status { get; private set; } = 'I';

    public static async Task<Backend> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(host, port, ct);
        var backend = new Backend(client);
        _ = backend.PumpAsync();
        return backend;
    }

    public Task SendStartupAsync(ReadOnlyMemory<byte> body, CancellationToken ct) => _stream.WriteStartupAsync(body, ct);

    /// <summary>Writes a message without sending it yet.</summary>
    public ValueTask WriteAsync(WireMessage message, CancellationToken ct) => _stream.WriteAsync(message, ct);

    public async Task SendAsync(WireMessage message, CancellationToken ct)
    {
        await _stream.WriteAsync(message, ct);
        await _stream.FlushAsync(ct);
    }

    /// <summary>The next message.</summary>
    public async Task<WireMessage> ReadAsync(CancellationToken ct)
    {
        var message = await _messages.Reader.ReadAsync(ct);
        Follow(message);
        return message;
    }

    /// <summary>The next message, if one has arrived.</summary>
    public WireMessage? TryRead()
    {
        if (!_messages.Reader.TryRead(out var message))
            return null;
        Follow(message);
        return message;
    }

    /// <summary>Waits until a message is there; false at the end of the connection.</summary>
    public Task<bool> WaitAsync(CancellationToken ct) => _messages.Reader.WaitToReadAsync(ct).AsTask();

    /// <summary>Runs SQL of the stand-in's own, without parameters.</summary>
    public async Task<InjectedResult> InjectAsync(string sql, CancellationToken ct)
    {
        await SendAsync(WireMessage.FromTexts('Q', sql), ct);
        return await ReadResultAsync(ct);
    }

    /// <summary>Reads what a query gets until PostgreSQL waits for the next one.</summary>
    public async Task<InjectedResult> ReadResultAsync(CancellationToken ct)
    {
        var rows = new List<IReadOnlyList<string?>>();
        var tag = "";
        WireMessage? error = null;
        while (await ReadAsync(ct) is { Type: not 'Z' } message)
        {
            switch (message.Type)
            {
                case 'D': rows.Add(message.Values()); break;
                case 'C': tag = message.Tag(); break;
                case 'E': error = message; break;
            }
        }
        return new InjectedResult(rows, error is null ? tag : "", error);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    // Between two ReadyForQuery, the tags tell when a transaction begins or ends.
    private void Follow(WireMessage message)
    {
        if (message.Type is 'Z')
            Status = (char)message.Body.Span[0];
        else if (message.Type is 'E' && Status is 'T')
            Status = 'E';
        else if (message.Type is 'C')
            Status = message.Tag() switch { "BEGIN" or "START TRANSACTION" => 'T', "COMMIT" or "ROLLBACK" => 'I', _ => Status };
    }

    private async Task PumpAsync()
    {
        try
        {
            while (await _stream.ReadAsync(CancellationToken.None) is { } message)
                await _messages.Writer.WriteAsync(message);
            _messages.Writer.Complete();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidDataException)
        {
            _messages.Writer.TryComplete();
        }
    }
}
