using System.Globalization;
using Npgsql;
using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Statements;

/// <summary>Runs a block in one transaction.</summary>
internal static class BlockRunner
{
    public static async Task<SnowflakeResult> RunAsync(StatementSession session, BlockStatement block, CancellationToken ct)
    {
        await using var transaction = await session.BeginAsync(ct);
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var step in block.Steps)
            await StepAsync(session, step, variables, ct);
        // The text of a rule can name the statement that the transaction began with.
        await StatementRunner.BeforeAsync(session.Parts, $"COMMIT /* {(block.Steps.Count > 0 ? block.Steps[0].Text : "")} */", ct);
        await transaction.CommitAsync(ct);
        return SnowflakeResult.From("anonymous block", block.Result);
    }

    private static async Task StepAsync(
        StatementSession session, BlockStep step, Dictionary<string, string?> variables, CancellationToken ct)
    {
        try
        {
            if (step is CheckStep check)
                Check(session, check, variables);
            else
                await RunAsync(session, (SqlStep)step, variables, ct);
        }
        catch (PostgresException e)
        {
            throw Uncaught(session, step, PostgresErrors.Translate(e));
        }
        catch (RefusalException e) when (step is SqlStep)
        {
            throw Uncaught(session, step, e);
        }
    }

    private static void Check(StatementSession session, CheckStep check, Dictionary<string, string?> variables)
    {
        var value = variables.GetValueOrDefault(check.Variable);
        if (value is null || decimal.Parse(value, CultureInfo.InvariantCulture) != check.Number)
            return;
        var exception = check.Exception;
        throw new RefusalException(
            "P0001",
            $"Uncaught exception of type '{exception.Name}'{Place(session, check)} : {exception.Message}",
            exception.Number.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task RunAsync(
        StatementSession session, SqlStep step, Dictionary<string, string?> variables, CancellationToken ct)
    {
        await StatementRunner.BeforeAsync(session.Parts, step.Text, ct);
        if (step.Statement is ChangeStatement change)
        {
            await StatementRunner.ChangeAsync(session, change, ct);
            return;
        }
        var query = ((QueryStatement)step.Statement).Query;
        var result = await session.QueryAsync(query.Sql, [], ct);
        if (result.Rows is not [var row])
            throw new RefusalException("02000", $"a SELECT INTO statement expects exactly 1 returned row, but got {result.Rows.Count}.", "000003");
        if (row.Count != query.Into.Count)
            throw SnowflakeErrors.Syntax("the numbers of values and of variables of a SELECT INTO differ");
        for (var i = 0; i < row.Count; i++)
            variables[query.Into[i]] = row[i];
    }

    private static RefusalException Uncaught(StatementSession session, BlockStep step, RefusalException error)
        => session.Parts.Options.BlockErrorsHaveCodes
            ? new(error.State, Message(session, step, error), error.Code)
            : new("P0000", Message(session, step, error), "100183");

    private static string Message(StatementSession session, BlockStep step, RefusalException error)
        => $"Uncaught exception of type 'STATEMENT_ERROR'{Place(session, step)} : {error.Message}";

    private static string Place(StatementSession session, BlockStep step) => session.Parts.Options.BlockErrorsHaveLines
        ? string.Create(CultureInfo.InvariantCulture, $" on line {step.Line} at position {step.Position}")
        : "";
}
