using Npgsql;
using PeakS3Feed.Destinations.PostgreSql;

namespace PeakS3Feed.Integration.EndToEnd;

/// <summary>A schema of the test's own in the PostgreSQL of tests/servers, dropped when done.</summary>
internal sealed class PostgresSchema : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private PostgresSchema(string connectionString)
    {
        Builder = new NpgsqlConnectionStringBuilder(connectionString);
        _source = NpgsqlDataSource.Create(connectionString);
    }

    public string Name { get; } = $"t_{Guid.NewGuid():N}";

    private NpgsqlConnectionStringBuilder Builder { get; }

    /// <summary>Skips the test, by name, when the server is not there; otherwise makes the schema.</summary>
    public static async Task<PostgresSchema> CreateAsync()
    {
        var text = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES");
        Skip.If(string.IsNullOrEmpty(text), "PEAKS3FEED_TEST_POSTGRES is not set: no PostgreSQL to test against");
        var schema = new PostgresSchema(text!);
        await schema.ExecuteAsync($"CREATE SCHEMA {schema.Name}");
        return schema;
    }

    /// <summary>A destination over TLS, with the server's name checked against the test authority.</summary>
    public PostgreSqlDestination Destination(string name) => new()
    {
        Name = name,
        Host = Builder.Host!,
        Port = Builder.Port,
        Database = Builder.Database!,
        Username = Builder.Username,
        Password = "env:PEAKS3FEED_TEST_PASSWORD",
        RootCertificate = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES_CA"),
        Schema = Name,
    };

    /// <summary>The password that <c>env:PEAKS3FEED_TEST_PASSWORD</c> stands for.</summary>
    public string Password => Builder.Password!;

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Executes a statement in a transaction of the schema that lasts until the result is disposed.</summary>
    public async Task<IAsyncDisposable> HoldAsync(string sql)
    {
        var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"BEGIN; SET LOCAL search_path = {Name}; {sql}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>All rows of a query as text, fields joined with a bar, NULL as ∅.</summary>
    public async Task<List<string>> QueryAsync(string sql)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using (var path = new NpgsqlCommand($"SET search_path = {Name}", connection))
            await path.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "∅" : reader.GetString(i))));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP SCHEMA {Name} CASCADE");
        await _source.DisposeAsync();
    }
}
