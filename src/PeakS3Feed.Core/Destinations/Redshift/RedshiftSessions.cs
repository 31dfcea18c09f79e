using Npgsql;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Opens sessions over the wire.</summary>
/// <param name="definition">The destination, with a host.</param>
/// <param name="credentials">The database user.</param>
/// <param name="errors">Creates the errors to show.</param>
internal sealed class RedshiftSessions(RedshiftDestination definition, RedshiftCredentials credentials, RedshiftErrors errors)
{
    private static readonly Version Redshift = new(8, 0);

    // Each in a request of its own. A limit for people's queries must not end a load, and texts of times must not depend on the user's settings.
    private static readonly string[] Settings = ["SET statement_timeout TO 0", "SET timezone TO 'UTC'"];

    /// <summary>
    /// How long the driver waits for the end of a statement that it cancelled. Then it closes the connection, which ends the statement, too.
    /// </summary>
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Opens a session. A temporary password that the server refuses is replaced once.</summary>
    /// <exception cref="Errors.FeedException">The server cannot be reached, refuses the login, or is not Redshift.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var user = await credentials.GetAsync(cancellationToken);
        try
        {
            return await OpenAsync(user, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("28", StringComparison.Ordinal))
        {
            credentials.Forget(user);
            var next = await credentials.GetAsync(cancellationToken);
            if (ReferenceEquals(next, user)) // a fixed password
                throw errors.Connecting(e);
            return await OpenOrTranslateAsync(next, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw errors.Connecting(e);
        }
    }

    private async Task<NpgsqlConnection> OpenOrTranslateAsync(DatabaseUser user, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(user, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw errors.Connecting(e);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(DatabaseUser user, CancellationToken cancellationToken)
    {
        var settings = WireSettings.Create(definition.Host!, definition.Port, definition.Database, definition.SslMode, definition.RootCertificate);
        settings.Username = user.Name;
        settings.Password = user.Password;
        settings.GssEncryptionMode = GssEncryptionMode.Disable; // Redshift has none, and proxies drop the connection
        settings.Multiplexing = false;
        settings.CancellationTimeout = (int)CancelTimeout.TotalMilliseconds;
        // A source of its own: the driver keeps the settings of other connections, with their passwords, for as long as the process lives.
        await using var source = WireSettings.CreateSource(settings);
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await CheckAsync(connection, cancellationToken);
            foreach (var setting in Settings)
                await ExecuteAsync(connection, setting, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Redshift reports version 8.0.2. Should it ever report another one, its text form still names it.
    private async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var version = connection.PostgreSqlVersion;
        if (version.Major == Redshift.Major && version.Minor == Redshift.Minor)
            return;
        await using var command = new NpgsqlCommand("SELECT version()", connection) { AllResultTypesAreUnknown = true };
        if (await command.ExecuteScalarAsync(cancellationToken) is not string text || !text.Contains("Redshift", StringComparison.OrdinalIgnoreCase))
            throw errors.NotRedshift($"the server there is PostgreSQL {version}");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
