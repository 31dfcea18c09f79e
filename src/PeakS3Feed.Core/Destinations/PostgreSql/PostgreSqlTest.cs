using System.Runtime.CompilerServices;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>Tests whether a load into PostgreSQL would work.</summary>
internal sealed class PostgreSqlTest(PostgreSqlDestination definition, Func<CancellationToken, Task<NpgsqlConnection>> connect) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    public async IAsyncEnumerable<DestinationCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var check = await TryAsync("Connect", ConnectAsync, "Check host, port, database, user and password.", cancellationToken);
        yield return check;
        if (!check.Passed)
            yield break;
        yield return await TryAsync("Encryption", EncryptionAsync, null, cancellationToken);
        yield return await TryAsync(
            "CreateTable", CreateTableAsync, $"Grant the user CREATE and USAGE on schema \"{definition.Schema}\".", cancellationToken);
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<DestinationCheck> TryAsync(
        string step, Func<CancellationToken, Task<string>> action, string? hint, CancellationToken cancellationToken)
    {
        try
        {
            return new DestinationCheck(step, true, await action(cancellationToken));
        }
        catch (FeedException e)
        {
            return new DestinationCheck(step, false, e.Message, e.Hint ?? hint) { Remedies = e.Remedies };
        }
        catch (PostgresException e)
        {
            return new DestinationCheck(step, false, $"{e.MessageText} ({e.SqlState})", hint);
        }
    }

    private async Task<string> ConnectAsync(CancellationToken cancellationToken)
    {
        _connection = await connect(cancellationToken);
        return $"PostgreSQL {_connection.PostgreSqlVersion} as {_connection.UserName}";
    }

    private async Task<string> EncryptionAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT coalesce(max(version || ' ' || cipher), 'off') FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl", _connection);
        return "TLS: " + await command.ExecuteScalarAsync(cancellationToken) + $" (SslMode {definition.SslMode})";
    }

    private async Task<string> CreateTableAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await _connection!.BeginTransactionAsync(cancellationToken);
        var table = $"{SqlIdentifier.Quote(definition.Schema)}.{SqlIdentifier.Quote($"peaks3feed_test_{Guid.NewGuid():N}")}";
        await using var command = new NpgsqlCommand($"CREATE TABLE {table} (id bigint)", _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        return $"a table in schema \"{definition.Schema}\", rolled back";
    }
}
