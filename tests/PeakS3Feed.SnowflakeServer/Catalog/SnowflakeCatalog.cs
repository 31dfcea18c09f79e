using System.Collections.Concurrent;
using System.Reflection;
using Npgsql;
using PeakS3Feed.TestServers;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Catalog;

/// <summary>The database of PostgreSQL that stands for an account: its schemas, and what the stand-in keeps about names.</summary>
internal sealed class SnowflakeCatalog : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<string, string> _longNames = new(StringComparer.Ordinal);

    private SnowflakeCatalog(NpgsqlDataSource source) => _source = source;

    /// <summary>Creates the database unless it is there, and what the stand-in needs in it.</summary>
    public static async Task<SnowflakeCatalog> OpenAsync(NpgsqlConnectionStringBuilder database, CancellationToken ct)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("Catalog.sql")!);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["timezone"] = "UTC" };
        await StandInDatabase.InstallAsync(database, "snowflake_account", await reader.ReadToEndAsync(ct), settings, ct);
        var own = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 100, ApplicationName = "snowflake stand-in" };
        return new SnowflakeCatalog(NpgsqlDataSource.Create(own.ConnectionString));
    }

    /// <summary>A connection to PostgreSQL.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken ct) => _source.OpenConnectionAsync(ct);

    /// <summary>Creates a schema of a database, unless it exists.</summary>
    public async Task CreateSchemaAsync(string database, string schema, CancellationToken ct)
    {
        var name = SnowflakeScope.SchemaName(database, schema);
        await using var command = _source.CreateCommand($"""
            SELECT pg_advisory_xact_lock(750016);
            CREATE SCHEMA IF NOT EXISTS {SqlTokens.Quote(name)};
            INSERT INTO snowflake_account.schemas VALUES ({SqlTokens.Literal(name)}, {SqlTokens.Literal(database)}, {SqlTokens.Literal(schema)})
            ON CONFLICT DO NOTHING;
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Drops a schema of a database and all in it.</summary>
    public async Task DropSchemaAsync(string database, string schema, CancellationToken ct)
    {
        var name = SnowflakeScope.SchemaName(database, schema);
        await using var command = _source.CreateCommand($"""
            DROP SCHEMA IF EXISTS {SqlTokens.Quote(name)} CASCADE;
            DELETE FROM snowflake_account.schemas WHERE name = {SqlTokens.Literal(name)};
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Whether the database and the schema that a request names exist.</summary>
    public async Task<bool> HasAsync(string? database, string? schema, CancellationToken ct)
    {
        if (database is null)
            return schema is null;
        await using var command = _source.CreateCommand(
            "SELECT EXISTS (SELECT 1 FROM snowflake_account.schemas WHERE catalog_name = $1 AND ($2::text IS NULL OR schema_name = $2))");
        command.Parameters.Add(new NpgsqlParameter { Value = database });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)schema ?? DBNull.Value });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Keeps names that PostgreSQL would cut, by the short ones that stand for them.</summary>
    public async Task AddAsync(IReadOnlyDictionary<string, string> names, CancellationToken ct)
    {
        foreach (var (shortName, longName) in names)
        {
            if (_longNames.ContainsKey(shortName))
                continue;
            await using var command = _source.CreateCommand("INSERT INTO snowflake_account.long_names VALUES ($1, $2) ON CONFLICT DO NOTHING");
            command.Parameters.Add(new NpgsqlParameter { Value = shortName });
            command.Parameters.Add(new NpgsqlParameter { Value = longName });
            await command.ExecuteNonQueryAsync(ct);
            _longNames[shortName] = longName;
        }
    }

    /// <summary>The name that a name of PostgreSQL stands for.</summary>
    public string FullName(string name) => _longNames.GetValueOrDefault(name, name);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
