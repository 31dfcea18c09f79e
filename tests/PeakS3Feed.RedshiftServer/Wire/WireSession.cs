using System.Net.Sockets;
using PeakS3Feed.RedshiftServer.Protocol;

namespace PeakS3Feed.RedshiftServer.Wire;

/// <summary>
/// A client's session. It handles one message of the client after the other, and waits for all that PostgreSQL answers to it. So it can run
/// statements of its own in between, and always knows whether a transaction is open.
/// </summary>
internal sealed class WireSession(TcpClient client, ServerParts parts, WireListener listener) : IDisposable
{
    private readonly WireStream _client = new(client.GetStream());
    private Backend? _backend;
    private StatementRunner? _runner;

    /// <summary>The key with which another connection cancels what this one does; 0 before it is known.</summary>
    public long Key { get; private set; }

    public async Task RunAsync(CancellationToken ct)
    {
        var startup = new WireStartup(_client, parts, listener);
        if (await startup.ReadAsync(ct) is not { } parameters)
            return;
        _backend = await Backend.ConnectAsync(parts.Backend.Host!, parts.Backend.Port, ct);
        Key = await startup.LogInAsync(_backend, parameters, ct);
        _runner = new StatementRunner(_client, _backend, parts);
        var extended = new ExtendedProtocol(_client, _backend, _runner);
        while (await NextAsync(ct) is { Type: not 'X' } message)
        {
            if (message.Type is 'Q')
                await QueryAsync(message, ct);
            else
                await extended.HandleAsync(message, ct);
        }
    }

    /// <summary>Ends what this session runs itself; PostgreSQL's own work is cancelled by PostgreSQL.</summary>
    public void Cancel() => _runner?.Cancel();

    public void Dispose()
    {
        _client.Dispose();
        client.Dispose();
        _backend?.Dispose();
    }

    // The client's next message. What PostgreSQL sends meanwhile (it shuts down, for example) goes to the client.
    private async Task<WireMessage?> NextAsync(CancellationToken ct)
    {
        await _client.FlushAsync(ct);
        var next = _client.ReadAsync(ct);
        while (!next.IsCompleted)
        {
            var arrived = _backend!.WaitAsync(ct);
            await Task.WhenAny(next, arrived);
            if (!arrived.IsCompleted)
                break;
            if (!await arrived)
                return null;
            while (_backend.TryRead() is { } message)
                await _runner!.PassAsync(message, ct);
            await _client.FlushAsync(ct);
        }
        return await next;
    }

    private async Task QueryAsync(WireMessage message, CancellationToken ct)
    {
        var sql = new WireReader(message.Body).Text();
        if (await _runner!.ReadAllAsync(sql, ct) is not { } statements)
        {
            await ReadyAsync(ct);
            return;
        }
        if (statements is [{ Own: not null } own])
        {
            var outcome = await _runner.RunOwnAsync(own, ct);
            await _client.WriteAsync(outcome.Answer, ct);
            await ReadyAsync(ct);
            return;
        }
        if (!await _runner.BeforeAsync(sql, ct))
        {
            await ReadyAsync(ct);
            return;
        }
        await _backend!.SendAsync(WireMessage.FromTexts('Q', string.Join(";\n", statements.Select(s => s.Rewritten))), ct);
        await _runner.PassUntilAsync("Z", ct);
    }

    private ValueTask ReadyAsync(CancellationToken ct) => _client.WriteAsync(WireMessage.Ready(_backend!.Status), ct);
}
