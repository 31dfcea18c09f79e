using System.Globalization;
using Npgsql;

namespace PeakS3Feed.Bench.Suite;

/// <summary>A PostgreSQL server on this machine, and the database of the benchmark.</summary>
internal sealed class PostgresServer
{
    public const string Database = "peaks3feed_bench";
    private readonly NpgsqlConnectionStringBuilder _login;

    /// <param name="connectionString">Any database of the server.</param>
    /// <param name="dataFolder">The server's data folder, to find its processes.</param>
    public PostgresServer(string connectionString, string dataFolder)
    {
        _login = new(connectionString) { Pooling = false };
        Maintenance = _login.ConnectionString;
        _login.Database = Database;
        _login.CommandTimeout = 600;
        DataFolder = dataFolder;
    }

    public string DataFolder { get; }

    public string Host => _login.Host!;

    public int Port => _login.Port;

    public string User => _login.Username!;

    public string Password => _login.Password!;

    public string ConnectionString => _login.ConnectionString;

    /// <summary>The variables for psql.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PGHOST"] = Host,
        ["PGPORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["PGUSER"] = User,
        ["PGPASSWORD"] = Password,
        ["PGDATABASE"] = Database,
        ["PGSSLMODE"] = "disable",
    };

    private string Maintenance { get; }

    /// <summary>Creates the database, and drops an earlier one.</summary>
    public async Task CreateDatabaseAsync()
    {
        await ExecuteAsync(Maintenance, $"DROP DATABASE IF EXISTS {Database} WITH (FORCE)");
        await ExecuteAsync(Maintenance, $"CREATE DATABASE {Database}");
    }

    public Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    /// <summary>Flushes everything to disk, so that no run pays for the one before.</summary>
    public Task CheckpointAsync() => ExecuteAsync("CHECKPOINT");

    public async Task<string> ReadAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
