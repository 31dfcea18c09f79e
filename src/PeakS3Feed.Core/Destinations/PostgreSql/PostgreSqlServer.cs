using System.Runtime.CompilerServices;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>PostgreSQL as a destination.</summary>
internal sealed class PostgreSqlServer : IDestination
{
    // Sent after the login, because poolers refuse them as startup options. A server that loses the client must not keep its locks for hours, a
    // limit for people's queries must not end a load, and a notice for each IF NOT EXISTS is useless.
    private const string SessionSettings =
        """
        SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
        SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET client_min_messages = error;
        SELECT 'logical' IN (current_setting('wal_level', true), current_setting('effective_wal_level', true))
        """;

    // ADD COLUMN with a default rewrites the table before this version.
    private const int FirstVersionOfDefaultsInCatalog = 11;

    private readonly PostgreSqlDestination _definition;
    private readonly NpgsqlDataSource _source;
    private readonly PostgreSqlTimings _timings;

    /// <param name="definition">The definition.</param>
    /// <param name="password">The resolved password, or null.</param>
    /// <param name="timings">How long sessions wait.</param>
    public PostgreSqlServer(PostgreSqlDestination definition, string? password, PostgreSqlTimings? timings = null)
    {
        _definition = definition;
        _timings = timings ?? new PostgreSqlTimings();
        _source = WireSettings.CreateSource(PostgreSqlConnection.Settings(definition, password, Environment.GetEnvironmentVariable));
    }

    public DestinationCapabilities Capabilities { get; } = new()
    {
        // A text value may have 1 GB, and a row of a file at most 16 MiB, so no limit of text applies.
        ValueLimits = new ValueLimits
        {
            AllowNul = false,
            StoresJsonValues = true,
            MaxNameBytes = PostgreSqlDialect.MaxIdentifierBytes,
            ReservedNames = PostgreSqlDialect.SystemColumns,
        },
    };

    public string Location => $"PostgreSQL {_definition.Database} on {_definition.Host}:{_definition.Port}";

    public async Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        CheckNames(target);
        var (connection, isDecoded) = await ConnectAsync(cancellationToken);
        var keepsDefaults = !isDecoded && connection.PostgreSqlVersion.Major >= FirstVersionOfDefaultsInCatalog;
        return new PostgreSqlSession(connection, _definition.Schema, target, _timings, keepsDefaults);
    }

    public async IAsyncEnumerable<DestinationCheck> TestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var test = new PostgreSqlTest(_definition, async c => (await ConnectAsync(c)).Connection);
        await foreach (var check in test.RunAsync(cancellationToken))
            yield return check;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // Also returns whether the server's log can be decoded for subscribers. From version 19, the second setting says so while the first one may not.
    private async Task<(NpgsqlConnection Connection, bool IsDecoded)> ConnectAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await _source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(SessionSettings, connection);
            return (connection, await command.ExecuteScalarAsync(cancellationToken) is true);
        }
        catch (Exception exception)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            if (exception is OperationCanceledException)
                throw;
            throw PostgreSqlErrors.Connecting(Location, exception);
        }
    }

    private static void CheckNames(LoadTarget target)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(target.Table) > PostgreSqlDialect.MaxIdentifierBytes)
            throw DestinationErrors.IdentifierTooLong(target.Table, PostgreSqlDialect.MaxIdentifierBytes);
    }
}
