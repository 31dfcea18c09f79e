using System.Globalization;
using Npgsql;
using PeakS3Feed.SnowflakeServer.Copy;
using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Statements;

/// <summary>Runs the statement of a request.</summary>
internal sealed class StatementRunner(ServerParts parts)
{
    /// <summary>Runs it.</summary>
    /// <exception cref="RefusalException">It failed.</exception>
    public async Task<SnowflakeResult> RunAsync(StatementRequest request, CancellationToken ct)
    {
        var scope = new SnowflakeScope(request.Database, request.Schema);
        try
        {
            await BeforeAsync(parts, request.Statement, ct);
            var statement = SnowflakeStatement.Read(request.Statement, scope);
            if (statement.Parameters != request.Bindings.Count)
                throw SnowflakeErrors.Syntax($"{request.Bindings.Count} bind variables for {statement.Parameters} parameters");
            await parts.Catalog.AddAsync(scope.LongNames, ct);
            if (NeedsWarehouse(statement))
                parts.Account.Resume(request.Warehouse);
            await using var session = await StatementSession.OpenAsync(parts, request, scope, ct);
            return await RunAsync(session, statement, ct);
        }
        catch (PostgresException e)
        {
            throw PostgresErrors.Translate(e);
        }
    }

    /// <summary>Applies the rule of a test for a statement.</summary>
    public static async Task BeforeAsync(ServerParts parts, string text, CancellationToken ct)
    {
        parts.Controls.Note(text);
        await parts.Controls.ApplyAsync(
            text,
            r => new RefusalException(r.State, r.Message, r.Code.Length == 0 ? "000603" : r.Code),
            ct,
            r => r.Action is ControlAction.Stall or ControlAction.Fail && !CallRules.IsForCalls(r));
    }

    /// <summary>Runs a change of rows in the open transaction.</summary>
    public static async Task<ChangedRows> ChangeAsync(StatementSession session, ChangeStatement change, CancellationToken ct)
    {
        // UPDATE, DELETE and MERGE of one table wait for each other; INSERT and COPY wait for none of them.
        if (change.Kind is not ChangeKind.Insert)
            await session.ExecuteAsync($"LOCK TABLE {change.Table} IN SHARE UPDATE EXCLUSIVE MODE", ct);
        var matched = change.CountSql is null ? "0" : await session.ReadValueAsync(change.CountSql, ct, Values(session, change));
        var updated = long.Parse(matched!, CultureInfo.InvariantCulture);
        var rows = await session.ExecuteAsync(change.Sql, ct, Values(session, change));
        return change.Kind switch
        {
            ChangeKind.Insert => new(Inserted: rows),
            ChangeKind.Update => new(Updated: rows),
            ChangeKind.Delete => new(Deleted: rows),
            _ => new(Inserted: rows - updated, Updated: updated),
        };
    }

    private static Task<SnowflakeResult> RunAsync(StatementSession session, SnowflakeStatement statement, CancellationToken ct) => statement switch
    {
        QueryStatement query => session.QueryAsync(query.Query.Sql, session.Request.Bindings, ct),
        ChangeStatement change => RunAsync(session, change, ct),
        TableStatement table => TableRunner.RunAsync(session, table, ct),
        CopyIntoStatement copy => new CopyRunner(session, copy).RunAsync(ct),
        BlockStatement block => BlockRunner.RunAsync(session, block, ct),
        StageStatement stage => AccountRunner.RunAsync(session, stage, ct),
        ShowStatement show => Task.FromResult(AccountRunner.Show(session, show)),
        _ => throw new InvalidOperationException($"Nothing runs {statement.GetType().Name}."),
    };

    private static async Task<SnowflakeResult> RunAsync(StatementSession session, ChangeStatement change, CancellationToken ct)
    {
        await using var transaction = await session.BeginAsync(ct);
        var changed = await ChangeAsync(session, change, ct);
        await transaction.CommitAsync(ct);
        (string, long)[] counts = change.Kind switch
        {
            ChangeKind.Insert => [("number of rows inserted", changed.Inserted)],
            ChangeKind.Update => [("number of rows updated", changed.Updated), ("number of multi-joined rows updated", 0)],
            ChangeKind.Delete => [("number of rows deleted", changed.Deleted)],
            _ => [("number of rows inserted", changed.Inserted), ("number of rows updated", changed.Updated)],
        };
        var row = counts.Select(c => (string?)c.Item2.ToString(CultureInfo.InvariantCulture)).ToList();
        return new SnowflakeResult([.. counts.Select(c => new ResultColumn(c.Item1, "fixed", 38, 0))], [row]) { Changed = changed };
    }

    private static IReadOnlyList<string?> Values(StatementSession session, SnowflakeStatement statement)
        => statement.Parameters == 0 ? [] : session.Request.Bindings;

    // Definitions, SHOW, DESC, LIST and a SELECT without FROM run without one.
    private static bool NeedsWarehouse(SnowflakeStatement statement) => statement switch
    {
        ChangeStatement or CopyIntoStatement or BlockStatement or CreateTableStatement { Rows: not null } => true,
        QueryStatement query => query.Query.HasTables,
        _ => false,
    };
}
