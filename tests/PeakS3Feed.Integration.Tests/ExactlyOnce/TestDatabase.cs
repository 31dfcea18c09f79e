using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A place for one test's table: a SQLite file, or a schema of its own on PostgreSQL.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>How the store knows it.</summary>
    public abstract S3FeedDestination Definition { get; }

    /// <summary>The connections that the destination names.</summary>
    public IReadOnlyList<S3Connection> Connections { get; protected init; } = [];

    /// <summary>The table with the ledger's state.</summary>
    public virtual Task<string> LockTableAsync() => Task.FromResult("peaks3feed_lock");

    /// <summary>
    /// Returns a statement that keeps loads from committing for as long as the transaction lives, after waiting for one under way; null on SQLite.
    /// </summary>
    protected virtual Task<string?> FindLockLedgerAsync(DbConnection connection) => Task.FromResult<string?>(null);

    /// <summary>The name of a table in the ledger.</summary>
    public virtual string LedgerName(string table) => table;

    /// <summary>Returns the tests' SQL in the words of the database.</summary>
    protected virtual string Translate(string sql) => sql;

    /// <summary>A statement that gives a row when a table is there.</summary>
    protected abstract string FindTable(string name);

    public abstract Task<DbConnection> OpenAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Reads a table and its ledger at one moment.</summary>
    public virtual Task<Snapshot> SnapshotAsync(string table) => Snapshot.QueryAsync(this, table);

    public async Task<List<object?[]>> QueryAsync(string sql)
    {
        await using var connection = await OpenAsync();
        return await QueryAsync(connection, Translate(sql));
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = Translate(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads tables at one moment at which no commit is under way.</summary>
    public async Task<List<List<object?[]>>> ReadAsync(params (string Table, string Sql)[] queries)
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await FindLockLedgerAsync(connection) is { } locking)
            await QueryAsync(connection, locking);
        var results = new List<List<object?[]>>();
        foreach (var (table, sql) in queries)
            results.Add(await ExistsAsync(connection, table) ? await QueryAsync(connection, Translate(sql)) : []);
        return results;
    }

    private async Task<bool> ExistsAsync(DbConnection connection, string table) => (await QueryAsync(connection, FindTable(table))).Count > 0;

    protected static async Task<List<object?[]>> QueryAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add([.. row.Select(v => v is DBNull ? null : v)]);
        }
        return rows;
    }
}

/// <summary>A SQLite file.</summary>
public sealed class SqliteDatabase(string path, S3FeedDestination? definition = null) : TestDatabase
{
    public string Path => path;

    public override S3FeedDestination Definition { get; } = definition ?? new SqliteDestination { Name = "warehouse", Path = path };

    protected override string FindTable(string name) => $"SELECT 1 FROM sqlite_schema WHERE name = '{name}'";

    public override async Task<DbConnection> OpenAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A schema on the PostgreSQL server of the tests.</summary>
public sealed class PostgreSqlDatabase : TestDatabase
{
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly string _schema;

    private PostgreSqlDatabase(NpgsqlConnectionStringBuilder server, string schema, string passwordFile)
    {
        _server = new NpgsqlConnectionStringBuilder(server.ConnectionString) { SearchPath = schema, Pooling = false, ApplicationName = "PeakS3Feed tests" };
        _schema = schema;
        File.WriteAllText(passwordFile, server.Password);
        Definition = new PostgreSqlDestination
        {
            Name = "warehouse",
            Host = server.Host!,
            Port = server.Port,
            Database = server.Database!,
            Username = server.Username,
            Password = "file:" + passwordFile,
            SslMode = "Disable",
            Schema = schema,
        };
    }

    public string Schema => _schema;

    public override PostgreSqlDestination Definition { get; }

    protected override async Task<string?> FindLockLedgerAsync(DbConnection connection)
        => (await QueryAsync(connection, FindTable("peaks3feed_lock"))).Count > 0 ? "SELECT 1 FROM peaks3feed_lock FOR UPDATE" : null;

    protected override string FindTable(string name) => $"SELECT 1 FROM pg_tables WHERE schemaname = '{_schema}' AND tablename = '{name}'";

    /// <summary>Makes a schema on a server, given by an Npgsql connection string, or on that of the tests; skips the test where there is none.</summary>
    public static async Task<PostgreSqlDatabase> CreateAsync(TestFolder folder, string? server = null)
    {
        server ??= Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES");
        Skip.If(string.IsNullOrEmpty(server), "PEAKS3FEED_TEST_POSTGRES is not set");
        var database = new PostgreSqlDatabase(new NpgsqlConnectionStringBuilder(server), "chaos_" + Guid.NewGuid().ToString("N")[..12], folder.File("password"));
        await database.ExecuteAsync($"CREATE SCHEMA {database._schema}");
        return database;
    }

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The server processes that hold a lock on a table of this schema, but for the one that asks.</summary>
    public async Task<List<int>> SessionsAsync()
        => [.. (await QueryAsync(
            $"""
            SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = '{_schema}' AND l.pid <> pg_backend_pid()
            """)).Select(r => (int)r[0]!)];

    public async Task EndSessionsAsync()
    {
        foreach (var session in await SessionsAsync())
            await QueryAsync($"SELECT pg_terminate_backend({session}, 5000)");
    }

    public override async ValueTask DisposeAsync() => await ExecuteAsync($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
}
