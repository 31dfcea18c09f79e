using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace PeakS3Feed.RedshiftServer.Catalog;

/// <summary>
/// What the stand-in keeps in its database: the system views, the errors of COPYs and long names. It has connections of its own, so what it
/// writes outlives the transactions of clients.
/// </summary>
internal sealed class StandInCatalog : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<string, string> _longNames = new(StringComparer.Ordinal);

    private StandInCatalog(NpgsqlDataSource source) => _source = source;

    /// <summary>Creates the database unless it is there, and what the stand-in needs in it.</summary>
    public static async Task<StandInCatalog> OpenAsync(NpgsqlConnectionStringBuilder database, CancellationToken ct)
    {
        var first = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "postgres", Pooling = false };
        await using (var connection = new NpgsqlConnection(first.ConnectionString))
        {
            await connection.OpenAsync(ct);
            // Servers of several tests start at the same time.
            await ExecuteAsync(connection, "SELECT pg_advisory_lock(750015)", ct);
            await CreateDatabaseAsync(connection, database.Database!, ct);
            await InstallAsync(database, ct);
        }
        var own = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 2, ApplicationName = "redshift stand-in" };
        return new StandInCatalog(NpgsqlDataSource.Create(own.ConnectionString));
    }

    /// <summary>A number for a query.</summary>
    public async Task<long> NextQueryAsync(CancellationToken ct)
    {
        await using var command = _source.CreateCommand("SELECT nextval('redshift_standin.queries')");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Keeps names that PostgreSQL would cut.</summary>
    /// <param name="names">The long ones, by the short ones that stand for them, or the other way round of a rewritten statement.</param>
    /// <param name="ct">Stops it.</param>
    public async Task AddAsync(IReadOnlyDictionary<string, string> names, CancellationToken ct)
    {
        foreach (var (longName, shortName) in names)
        {
            if (_longNames.ContainsKey(shortName))
                continue;
            await using var command = _source.CreateCommand("INSERT INTO redshift_standin.long_names VALUES ($1, $2) ON CONFLICT DO NOTHING");
            command.Parameters.Add(new NpgsqlParameter { Value = shortName });
            command.Parameters.Add(new NpgsqlParameter { Value = longName });
            await command.ExecuteNonQueryAsync(ct);
            _longNames[shortName] = longName;
        }
    }

    /// <summary>Keeps an error of a COPY.</summary>
    public async Task AddAsync(LoadError error, long tableId, int sessionId, long query, CancellationToken ct)
    {
        await using var command = _source.CreateCommand("""
            INSERT INTO redshift_standin.load_errors
                (query, session, tbl, filename, line_number, colname, type, col_length, position, raw_line, raw_field_value, err_code, err_reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """);
        var column = error.Column;
        object[] values =
        [
            query, sessionId, (int)tableId, Cut(error.File, 256), error.Line,
            column is null ? "" : _longNames.GetValueOrDefault(column.Name, column.Name),
            Cut(column?.BareType ?? "", 10), Cut(column?.Length ?? "", 10), error.Position, Cut(error.RawLine, 1024), Cut(error.RawValue, 1024),
            error.Problem.Code, Cut(error.Problem.Message, 512),
        ];
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private static async Task CreateDatabaseAsync(NpgsqlConnection connection, string database, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = database });
        if (await command.ExecuteScalarAsync(ct) is not null)
            return;
        var quoted = $"\"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await ExecuteAsync(connection, $"CREATE DATABASE {quoted}", ct);
        // "SNAPSHOT is the default": one snapshot for a transaction, which LOCK does not take.
        await ExecuteAsync(connection, $"ALTER DATABASE {quoted} SET default_transaction_isolation = 'repeatable read'", ct);
        await ExecuteAsync(connection, $"ALTER DATABASE {quoted} SET timezone = 'UTC'", ct);
    }

    private static async Task InstallAsync(NpgsqlConnectionStringBuilder database, CancellationToken ct)
    {
        var once = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(once.ConnectionString);
        await connection.OpenAsync(ct);
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("Catalog.sql")!);
        var script = await reader.ReadToEndAsync(ct);
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        // To replace a view waits for the transactions that read it, so an installed script does not run again.
        await using var installed = new NpgsqlCommand("SELECT obj_description(to_regnamespace('redshift_standin'), 'pg_namespace')", connection);
        if (await installed.ExecuteScalarAsync(ct) as string != version)
            await ExecuteAsync(connection, $"{script}\nCOMMENT ON SCHEMA redshift_standin IS '{version}'", ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
