using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers;

/// <summary>The database of PostgreSQL that stands for a service's.</summary>
public static class StandInDatabase
{
    /// <summary>Creates the database unless it is there, and what the stand-in needs in it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="schema">The schema of the stand-in's own objects, which the script creates.</param>
    /// <param name="script">What the stand-in needs. It runs again when it has changed.</param>
    /// <param name="settings">Settings of a new database, by name.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task InstallAsync(
        NpgsqlConnectionStringBuilder database, string schema, string script, IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        var first = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(first.ConnectionString);
        await connection.OpenAsync(ct);
        // Servers of several tests start at the same time.
        await ExecuteAsync(connection, "SELECT pg_advisory_lock(750015)", ct);
        await CreateAsync(connection, database.Database!, settings, ct);
        await RunAsync(database, schema, script, ct);
    }

    private static async Task CreateAsync(
        NpgsqlConnection connection, string database, IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = database });
        if (await command.ExecuteScalarAsync(ct) is not null)
            return;
        var quoted = SqlTokens.Quote(database);
        await ExecuteAsync(connection, $"CREATE DATABASE {quoted}", ct);
        foreach (var (name, value) in settings)
            await ExecuteAsync(connection, $"ALTER DATABASE {quoted} SET {name} = {SqlTokens.Literal(value)}", ct);
    }

    private static async Task RunAsync(NpgsqlConnectionStringBuilder database, string schema, string script, CancellationToken ct)
    {
        var once = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(once.ConnectionString);
        await connection.OpenAsync(ct);
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        // To replace a view waits for the transactions that read it, so an installed script does not run again.
        await using var installed = new NpgsqlCommand($"SELECT obj_description(to_regnamespace('{schema}'), 'pg_namespace')", connection);
        if (await installed.ExecuteScalarAsync(ct) as string != version)
            await ExecuteAsync(connection, $"{script}\nCOMMENT ON SCHEMA {schema} IS '{version}'", ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
