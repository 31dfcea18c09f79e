using System.Text;
using Npgsql;
using NpgsqlTypes;
using PeakS3Feed.TestServers.Redshift;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>Runs a statement or a batch on a session of its own, through the wire of the stand-in.</summary>
internal sealed class StatementWork(string wire, TimeProvider clock)
{
    private const int LargestRow = 64 * 1024;

    /// <summary>Runs it to its end; errors become its state.</summary>
    public async Task RunAsync(ApiStatement statement)
    {
        var ct = statement.Cancellation.Token;
        try
        {
            var login = new NpgsqlConnectionStringBuilder(wire) { Database = statement.Submission.Database, Pooling = false };
            await using var connection = new NpgsqlConnection(login.ConnectionString);
            await connection.OpenAsync(ct);
            statement.ProcessId = connection.ProcessID;
            statement.Status = ApiStatus.Started;
            if (statement.Submission.IsBatch)
                await RunBatchAsync(connection, statement, ct);
            else
                await RunPartAsync(connection, statement.Parts[0], statement.Submission.Parameters, ct);
            End(statement, ApiStatus.Finished, null);
        }
        catch (OperationCanceledException)
        {
            End(statement, ApiStatus.Aborted, "Query was cancelled");
        }
        catch (Exception e)
        {
            End(statement, ApiStatus.Failed, Message(e));
        }
    }

    // "All SQL statements of a batch run as a single transaction."
    private async Task RunBatchAsync(NpgsqlConnection connection, ApiStatement statement, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var part in statement.Parts)
        {
            if (IsTransaction(part.Sql))
                throw Refuse(part, "Redshift lacks statements that begin or end a transaction in a batch");
            await RunPartAsync(connection, part, [], ct);
        }
        await transaction.CommitAsync(ct);
    }

    private async Task RunPartAsync(
        NpgsqlConnection connection, ApiPart part, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken ct)
    {
        part.Status = ApiStatus.Started;
        try
        {
            if (Count(part.Sql) != 1)
                throw Refuse(part, "Redshift lacks several statements in one Sql of the Data API");
            await using var command = new NpgsqlCommand(part.Sql, connection) { AllResultTypesAreUnknown = true, CommandTimeout = 0 };
            foreach (var (name, value) in parameters)
                command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Unknown) { Value = value });
            await using (var reader = await command.ExecuteReaderAsync(ct))
            {
                if (reader.FieldCount > 0)
                    part.Result = await ReadAsync(reader, ct);
                part.Rows = part.Result?.Rows.Count ?? 0;
                await reader.CloseAsync();
                if (part.Result is null)
                    part.Rows = Math.Max(0, reader.RecordsAffected);
            }
            (part.Status, part.Updated) = (ApiStatus.Finished, clock.GetUtcNow());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            (part.Status, part.Error, part.Updated) = (ApiStatus.Failed, Message(e), clock.GetUtcNow());
            throw;
        }
    }

    private static async Task<ApiResult> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var columns = Enumerable.Range(0, reader.FieldCount).Select(i => new ApiColumn(reader.GetName(i), reader.GetDataTypeOID(i))).ToList();
        var rows = new List<IReadOnlyList<string?>>();
        while (await reader.ReadAsync(ct))
        {
            var row = Enumerable.Range(0, columns.Count).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i)).ToArray();
            if (row.Sum(v => v is null ? 0 : Encoding.UTF8.GetByteCount(v)) > LargestRow)
                throw new InvalidOperationException("ERROR: a row of the result exceeds the limit of 64 KB");
            rows.Add(row);
        }
        return new ApiResult(columns, rows);
    }

    private void End(ApiStatement statement, string status, string? error)
    {
        var now = clock.GetUtcNow();
        // The documentation does not say how the statements before the failed one stand: they keep FINISHED, though their work is undone.
        foreach (var part in statement.Parts.Where(p => p.Status is ApiStatus.Submitted or ApiStatus.Started))
            (part.Status, part.Updated) = (ApiStatus.Aborted, now);
        (statement.Error, statement.Updated, statement.Status) = (error, now, status);
        statement.Ended.TrySetResult();
    }

    private static InvalidOperationException Refuse(ApiPart part, string message)
    {
        (part.Status, part.Error) = (ApiStatus.Failed, "ERROR: " + message);
        return new InvalidOperationException(part.Error);
    }

    private static string Message(Exception e) => e switch
    {
        PostgresException { Detail: { Length: > 0 } detail } error => $"ERROR: {error.MessageText}\n  Detail: {detail}",
        PostgresException error => $"ERROR: {error.MessageText}",
        _ => e.Message,
    };

    private static int Count(string sql)
    {
        try
        {
            return RedshiftTokens.Statements(sql).Count;
        }
        catch (RefusalException)
        {
            return 1; // the wire says what is wrong
        }
    }

    private static bool IsTransaction(string sql)
        => sql.TrimStart().Split([' ', ';', '\n', '\t'], 2)[0].ToUpperInvariant() is "BEGIN" or "START" or "COMMIT" or "END" or "ROLLBACK" or "ABORT";
}
