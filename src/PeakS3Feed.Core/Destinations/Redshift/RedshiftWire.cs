using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// The way to a warehouse over PostgreSQL's wire protocol: one session, and another one where the driver has closed it after an error. It does so
/// after errors with SQLSTATE XX000, which are most of Redshift's own.
/// </summary>
/// <param name="sessions">Opens sessions.</param>
/// <param name="loadErrors">Reads the rows that a COPY refused.</param>
/// <param name="errors">Creates the errors to show.</param>
internal sealed class RedshiftWire(RedshiftSessions sessions, RedshiftLoadErrors loadErrors, RedshiftErrors errors) : IRedshiftChannel
{
    private const uint BooleanType = 16;

    /// <summary>The limit for rolling back a transaction. A closed connection ends it, too.</summary>
    private static readonly TimeSpan RollbackTimeout = TimeSpan.FromSeconds(10);

    private NpgsqlConnection? _connection;

    /// <summary>Opens the session, unless it is open.</summary>
    /// <exception cref="Errors.FeedException">The server cannot be reached, refuses the login, or is not Redshift.</exception>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { State: ConnectionState.Open } open)
            return open;
        await DisposeAsync();
        return _connection = await sessions.OpenAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<string?>> QueryAsync(
        WarehouseStatement query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = await CreateAsync(query, cancellationToken);
        command.AllResultTypesAreUnknown = true;
        await using var reader = await RunAsync(query.Sql, inTransaction: false, () => command.ExecuteReaderAsync(cancellationToken));
        while (await RunAsync(query.Sql, inTransaction: false, () => reader.ReadAsync(cancellationToken)))
            yield return [.. Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader, i))];
    }

    /// <inheritdoc/>
    public async Task<long?> ExecuteAsync(WarehouseStatement statement, CancellationToken cancellationToken)
    {
        await using var command = await CreateAsync(statement, cancellationToken);
        var rows = await RunAsync(statement.Sql, inTransaction: false, () => command.ExecuteNonQueryAsync(cancellationToken));
        if (!statement.Sql.AsSpan().TrimStart().StartsWith("COPY", StringComparison.OrdinalIgnoreCase))
            return rows < 0 ? null : rows;

        return await CountCopiedAsync(command.Connection!, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RunAsync(WarehouseScript script, Action committing, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, new("BEGIN", "BEGIN"), inTransaction: true, cancellationToken);
            foreach (var statement in script.Statements)
            {
                await ExecuteAsync(connection, statement, inTransaction: true, cancellationToken);
                if (statement.Reaches is { } step)
                    script.Reached(step);
            }
            cancellationToken.ThrowIfCancellationRequested();
            committing();
        }
        catch
        {
            await RollBackAsync(connection);
            throw;
        }
        await ExecuteAsync(connection, new("COMMIT", "COMMIT"), inTransaction: false, CancellationToken.None);
    }

    /// <inheritdoc/>
    public Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<RedshiftLoadError>> ReadLoadErrorsAsync(string table, CancellationToken cancellationToken)
        => loadErrors.ReadAsync(this, table, cancellationToken);

    /// <inheritdoc/>
    public FaultKind Classify(Exception exception) => RedshiftFaults.Classify(exception);

    /// <inheritdoc/>
    public Exception Translate(Exception exception) => errors.Translate(exception);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }

    private async Task<NpgsqlCommand> CreateAsync(WarehouseStatement statement, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(statement.Sql, await ConnectAsync(cancellationToken));
        foreach (var (name, value) in statement.Values)
            command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Text) { Value = value });
        return command;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, NamedStatement statement, bool inTransaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement.Sql, connection);
        await RunAsync(statement.Name, inTransaction, () => command.ExecuteNonQueryAsync(cancellationToken));
    }

    // The answer to a COPY need not have the number, but the session keeps it.
    private static async Task<long?> CountCopiedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_last_copy_count()", connection) { AllResultTypesAreUnknown = true };
            var text = await command.ExecuteScalarAsync(cancellationToken) as string;
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? rows : null;
        }
        catch (PostgresException)
        {
            return null; // the COPY is done all the same
        }
    }

    // An error within a transaction leaves nothing in doubt: only COMMIT can commit it.
    private static async Task<T> RunAsync<T>(string statement, bool inTransaction, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (PostgresException e)
        {
            var text = RedshiftRefusals.Clean(string.IsNullOrEmpty(e.Detail) ? e.MessageText : $"{e.MessageText}: {e.Detail}");
            var refusal = RedshiftRefusals.Read(e.SqlState, text);
            var refused = new StatementRefusedException(StatementRefusedException.Shorten(statement), refusal, text, e);
            throw !inTransaction && RedshiftFaults.LeavesInDoubt(refusal, e) ? new StatementInDoubtException(refused) : refused;
        }
    }

    private async Task RollBackAsync(NpgsqlConnection connection)
    {
        if (connection.State != ConnectionState.Open)
            return;
        try
        {
            using var limit = new CancellationTokenSource(RollbackTimeout);
            await using var command = new NpgsqlCommand("ROLLBACK", connection);
            await command.ExecuteNonQueryAsync(limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or InvalidOperationException)
        {
            await DisposeAsync();
        }
    }

    // A Boolean has the form of the Data API.
    private static string? Text(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
            return null;
        var text = reader.GetString(column);
        return reader.GetDataTypeOID(column) == BooleanType ? text == "t" ? "true" : "false" : text;
    }
}
