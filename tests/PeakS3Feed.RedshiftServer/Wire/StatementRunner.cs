using PeakS3Feed.RedshiftServer.Copy;
using PeakS3Feed.RedshiftServer.Protocol;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.TestServers.Redshift;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.RedshiftServer.Wire;

/// <summary>Checks, rewrites and runs the statements of one session.</summary>
internal sealed class StatementRunner(WireStream client, Backend backend, ServerParts parts)
{
    private readonly CopyRunner _copy = new(parts.Catalog, parts.Files, backend);
    private CancellationTokenSource? _running;
    private Exception? _after;

    /// <summary>Reads the statements of a text. If it refuses one, the transaction fails, the client gets the error, and this is null.</summary>
    public async Task<IReadOnlyList<ProxiedStatement>?> ReadAllAsync(string sql, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(sql, ct);
        }
        catch (RefusalException e)
        {
            parts.Controls.Note(sql);
            await client.WriteAsync(await FailAsync(e, ct), ct);
            return null;
        }
    }

    /// <summary>Runs a statement of the stand-in's own: a COPY or a change of a table.</summary>
    public async Task<ProxiedOutcome> RunOwnAsync(ProxiedStatement statement, CancellationToken ct)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _running = running;
        try
        {
            var after = await BeforeRuleAsync(statement.Sql, running.Token);
            var answer = backend.Status is 'E' ? await AbortedAsync(ct) : await RunAsync(statement.Own!, running.Token);
            return after is null ? new ProxiedOutcome(answer) : throw after;
        }
        catch (RefusalException e)
        {
            return new ProxiedOutcome(await FailAsync(e, ct));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ProxiedOutcome(await FailAsync(RedshiftRefusal.FromRedshift("57014", "Query cancelled on user's request"), ct));
        }
        finally
        {
            _running = null;
        }
    }

    /// <summary>Before PostgreSQL gets a statement. If a test's rule makes it fail, the client gets the error and the answer is false.</summary>
    public async Task<bool> BeforeAsync(string sql, CancellationToken ct)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _running = running;
        try
        {
            _after = await BeforeRuleAsync(sql, running.Token);
            return true;
        }
        catch (RefusalException e)
        {
            await client.WriteAsync(await FailAsync(e, ct), ct);
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await client.WriteAsync(await FailAsync(RedshiftRefusal.FromRedshift("57014", "Query cancelled on user's request"), ct), ct);
            return false;
        }
        finally
        {
            _running = null;
        }
    }

    /// <summary>Ends what the stand-in runs itself.</summary>
    public void Cancel()
    {
        try
        {
            _running?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    /// <summary>Passes PostgreSQL's messages to the client up to and including one of these types.</summary>
    /// <returns>The type.</returns>
    public async Task<char> PassUntilAsync(string types, CancellationToken ct)
    {
        while (true)
        {
            var message = await backend.ReadAsync(ct);
            // A test's rule ends the connection when PostgreSQL has done its work.
            if (_after is not null && (types.Contains(message.Type, StringComparison.Ordinal) || message.Type is 'E'))
                throw _after;
            await PassAsync(message, ct);
            if (types.Contains(message.Type, StringComparison.Ordinal))
                return message.Type;
        }
    }

    /// <summary>Passes one message of PostgreSQL to the client, as Redshift would send it.</summary>
    public async Task PassAsync(WireMessage message, CancellationToken ct)
    {
        if ((message.Type is 'E' ? RedshiftErrors.Translate(message) : WireStartup.Reports(message)) is { } shown)
            await client.WriteAsync(shown, ct);
    }

    /// <summary>Makes the transaction fail.</summary>
    /// <returns>The error for the client.</returns>
    public async Task<WireMessage> FailAsync(RefusalException refusal, CancellationToken ct)
    {
        await backend.InjectAsync("the stand-in refuses a statement", ct); // is no SQL, and so fails
        return WireMessage.Error(refusal.State, refusal.Message);
    }

    private async Task<IReadOnlyList<ProxiedStatement>> ReadAsync(string sql, CancellationToken ct)
    {
        var texts = RedshiftTokens.Statements(sql);
        var statements = new List<ProxiedStatement>();
        var inTransaction = backend.Status is not 'I';
        foreach (var tokens in texts)
        {
            var read = RedshiftStatement.Read(sql, tokens, inTransaction, _copy.Last);
            await parts.Catalog.AddAsync(read.LongNames, ct);
            var own = read.Ddl is not null || read.Copy is not null;
            if (own && texts.Count > 1)
                throw RedshiftRefusal.NotInStandIn("several statements in one text with a COPY, a CREATE TABLE or an ALTER TABLE among them");
            statements.Add(new ProxiedStatement(sql, read.Sql, own ? read : null));
            inTransaction = tokens[0] switch
            {
                { Kind: SqlTokenKind.Word, Value: "begin" or "start" } => true,
                { Kind: SqlTokenKind.Word, Value: "commit" or "end" or "rollback" or "abort" } => false,
                _ => inTransaction,
            };
        }
        return statements;
    }

    private async Task<WireMessage> RunAsync(RedshiftStatement own, CancellationToken ct)
    {
        if (own.Copy is { } copy)
            return await _copy.RunAsync(copy, ct);
        var ddl = own.Ddl!;
        var result = await backend.InjectAsync(string.Join(";\n", ddl.Afterwards.Prepend(ddl.Sql)), ct);
        if (result.Error is not null)
            return RedshiftErrors.Translate(result.Error);
        var verb = ddl.Sql.StartsWith("CREATE", StringComparison.Ordinal) ? "CREATE TABLE" : "ALTER TABLE";
        return WireMessage.FromTexts('C', ddl.Tag ?? verb);
    }

    private async Task<Exception?> BeforeRuleAsync(string sql, CancellationToken ct)
    {
        parts.Controls.Note(sql);
        return await parts.Controls.ApplyAsync(
            sql, r => RedshiftRefusal.FromRedshift(r.State, r.Message), ct, r => r.Action is not ControlAction.FailAfter);
    }

    private async Task<WireMessage> AbortedAsync(CancellationToken ct) => (await backend.InjectAsync("SELECT 1", ct)).Error!;
}
