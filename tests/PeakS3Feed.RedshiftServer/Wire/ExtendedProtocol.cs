using PeakS3Feed.RedshiftServer.Protocol;
using PeakS3Feed.TestServers.Redshift;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.RedshiftServer.Wire;

/// <summary>
/// The messages of prepared statements. What the stand-in runs itself it also prepares, binds and describes itself. Outside of a transaction
/// such a statement commits at once, and not at the next Sync.
/// </summary>
internal sealed class ExtendedProtocol(WireStream client, Backend backend, StatementRunner runner)
{
    // bool, "char", name, int8, int2, int4, text, unknown, float4, float8, bpchar, varchar, date, time, timestamp, timestamptz, timetz, numeric
    private static readonly int[] ParameterTypes = [0, 16, 18, 19, 20, 21, 23, 25, 705, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1266, 1700];

    private readonly Dictionary<string, ProxiedStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProxiedStatement> _portals = new(StringComparer.Ordinal);
    private bool _skips;

    public async Task HandleAsync(WireMessage message, CancellationToken ct)
    {
        if (message.Type is 'S')
        {
            _skips = false;
            await backend.SendAsync(message, ct);
            await runner.PassUntilAsync("Z", ct);
            return;
        }
        if (_skips) // after an error, until Sync
            return;
        switch (message.Type)
        {
            case 'P': await ParseAsync(message, ct); break;
            case 'B': await BindAsync(message, ct); break;
            case 'D': await DescribeAsync(message, ct); break;
            case 'E': await ExecuteAsync(message, ct); break;
            case 'C': await CloseAsync(message, ct); break;
            case 'H': await client.FlushAsync(ct); break;
            case 'd' or 'c' or 'f': break; // of a COPY … FROM STDIN that was refused
            default: throw new InvalidDataException($"The stand-in does not know messages of type {message.Type}.");
        }
    }

    private async Task ParseAsync(WireMessage message, CancellationToken ct)
    {
        var reader = new WireReader(message.Body);
        var (name, sql, types) = (reader.Text(), reader.Text(), reader.Rest);
        if (await runner.ReadAllAsync(sql, ct) is not { } statements)
        {
            _skips = true;
            return;
        }
        if (statements.Count > 1 || UnknownType(types) is not null)
        {
            var refusal = statements.Count > 1
                ? RefusalException.Syntax("cannot insert multiple commands into a prepared statement")
                : RedshiftRefusal.Lacks($"parameters of the type with the number {UnknownType(types)}");
            await client.WriteAsync(await runner.FailAsync(refusal, ct), ct);
            _skips = true;
            return;
        }
        var statement = statements.Count == 0 ? new ProxiedStatement(sql, sql, null) : statements[0];
        _statements[name] = statement;
        if (statement.Own is not null)
        {
            await client.WriteAsync(WireMessage.Empty('1'), ct);
            return;
        }
        var rewritten = WireMessage.FromTexts('P', name, statement.Rewritten);
        await ForwardAsync(rewritten with { Body = (byte[])[.. rewritten.Body.Span, .. types.Span] }, "1", ct);
    }

    private static int? UnknownType(ReadOnlyMemory<byte> types)
    {
        var reader = new WireReader(types);
        for (var left = reader.Short(); left > 0; left--)
        {
            if (reader.Int() is var type && !ParameterTypes.Contains(type))
                return type;
        }
        return null;
    }

    private async Task BindAsync(WireMessage message, CancellationToken ct)
    {
        var reader = new WireReader(message.Body);
        var (portal, name) = (reader.Text(), reader.Text());
        if (_statements.TryGetValue(name, out var statement))
            _portals[portal] = statement;
        if (statement?.Own is null)
            await ForwardAsync(message, "2", ct);
        else
            await client.WriteAsync(WireMessage.Empty('2'), ct);
    }

    private async Task DescribeAsync(WireMessage message, CancellationToken ct)
    {
        var (isStatement, known) = Target(message);
        if (known?.Own is null)
        {
            await ForwardAsync(message, "Tn", ct);
            return;
        }
        if (isStatement)
            await client.WriteAsync(new WireMessage('t', new byte[2]), ct);
        await client.WriteAsync(WireMessage.Empty('n'), ct);
    }

    private async Task ExecuteAsync(WireMessage message, CancellationToken ct)
    {
        var statement = _portals.GetValueOrDefault(new WireReader(message.Body).Text());
        if (statement?.Own is not null)
        {
            var outcome = await runner.RunOwnAsync(statement, ct);
            await client.WriteAsync(outcome.Answer, ct);
            _skips = outcome.Failed;
        }
        else if (await runner.BeforeAsync(statement?.Sql ?? "", ct))
            await ForwardAsync(message, "CIs", ct);
        else
            _skips = true;
    }

    private async Task CloseAsync(WireMessage message, CancellationToken ct)
    {
        var (isStatement, known) = Target(message);
        var reader = new WireReader(message.Body);
        reader.Byte();
        (isStatement ? _statements : _portals).Remove(reader.Text());
        if (known?.Own is null)
            await ForwardAsync(message, "3", ct);
        else
            await client.WriteAsync(WireMessage.Empty('3'), ct);
    }

    private (bool IsStatement, ProxiedStatement? Known) Target(WireMessage message)
    {
        var reader = new WireReader(message.Body);
        var isStatement = reader.Byte() == 'S';
        return (isStatement, (isStatement ? _statements : _portals).GetValueOrDefault(reader.Text()));
    }

    private async Task ForwardAsync(WireMessage message, string answers, CancellationToken ct)
    {
        await backend.WriteAsync(message, ct);
        await backend.SendAsync(WireMessage.Empty('H'), ct);
        _skips = await runner.PassUntilAsync(answers + "E", ct) is 'E';
    }
}
