using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.SnowflakeServer.Api;
using PeakS3Feed.SnowflakeServer.Catalog;
using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.SnowflakeServer.Statements;
using PeakS3Feed.TestServers;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.TestServers.Snowflake;

namespace PeakS3Feed.SnowflakeServer;

/// <summary>How errors of COPY name a file.</summary>
public enum FileNameForm
{
    /// <summary>The path in the stage.</summary>
    Path,

    /// <summary>The path with <c>@STAGE/</c> before it.</summary>
    Stage,

    /// <summary>The URL.</summary>
    Url,
}

/// <summary>How a server is started.</summary>
/// <param name="Postgres">The connection string of the PostgreSQL server behind it.</param>
/// <param name="S3">The endpoint of the S3 server that stages read from.</param>
public sealed record SnowflakeStandInOptions(string Postgres, string S3)
{
    /// <summary>The database of PostgreSQL that stands for the account.</summary>
    public string PostgresDatabase { get; init; } = "peaks3feed_snowflake";

    /// <summary>The key with which stages read.</summary>
    public string AccessKey { get; init; } = "CUSTOMERACCESSKEY001";

    /// <summary>The key's secret.</summary>
    public string SecretKey { get; init; } = "customerSecretKey0000000000000000000001";

    /// <summary>The account's identifiers as a JWT may name them.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = ["PEAKS3FEED-TEST", "PK12345"];

    /// <summary>The roles; the first is the one of a request that names none.</summary>
    public IReadOnlyList<string> Roles { get; init; } = ["PEAKS3FEED_ROLE", "PUBLIC"];

    /// <summary>The warehouses; the first is the one of a request that names none.</summary>
    public IReadOnlyList<SnowflakeWarehouse> Warehouses { get; init; } = [new("PEAKS3FEED_WH")];

    /// <summary>The port; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether an error of a block names the line.</summary>
    public bool BlockErrorsHaveLines { get; init; } = true;

    /// <summary>Whether an error of a statement in a block keeps its code. Otherwise all have the same.</summary>
    public bool BlockErrorsHaveCodes { get; init; } = true;

    /// <summary>How errors of COPY name a file.</summary>
    public FileNameForm FileNames { get; init; }

    /// <summary>The certificate; null for a server without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The clock that tokens are checked with.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// A stand-in for Snowflake's SQL API before a real PostgreSQL 15. It encodes the documentation of Snowflake, not Snowflake; README.md says what it
/// does not prove.
/// <code>
/// await using var snowflake = await SnowflakeStandIn.StartAsync(new(postgres, s3));
/// snowflake.Account.Logins.AddKey("PEAKS3FEED", publicKey);
/// await snowflake.CreateSchemaAsync("PEAKS3FEED", "MY_TEST");
/// snowflake.Account.Add(new SnowflakeStage("PEAKS3FEED.MY_TEST.STAGE", "s3://bucket/prefix/", "S3_INTEGRATION"));
/// snowflake.Controls.Add(new("stall", "^COPY INTO .*MY_TABLE", ControlAction.Stall));
/// snowflake.Controls.Add(new("lost", "^SnowflakeApi.Submit EXECUTE IMMEDIATE", ControlAction.DropAfter));
/// </code>
/// </summary>
public sealed class SnowflakeStandIn : IAsyncDisposable
{
    private readonly ServerParts _parts;
    private readonly StatementStore _statements;
    private readonly SqlApiFace _face;
    private readonly RequestCounter _requests = new();
    private LoopbackServer? _server;

    private SnowflakeStandIn(ServerParts parts, NpgsqlConnectionStringBuilder database)
    {
        (_parts, PostgresConnectionString) = (parts, database.ConnectionString);
        _statements = new StatementStore(new StatementRunner(parts), TimeProvider.System);
        _face = new SqlApiFace(parts.Account, _statements, parts.Controls, _requests) { SyncWait = TimeSpan.FromSeconds(45), PartitionRows = 10_000 };
    }

    /// <summary>The address of the SQL API.</summary>
    public string Url => _server!.Url;

    /// <summary>The statements seen, and the rules of tests.</summary>
    public TestControls Controls => _parts.Controls;

    /// <summary>Users, roles, warehouses and stages.</summary>
    public SnowflakeAccount Account => _parts.Account;

    /// <summary>A connection string to the PostgreSQL database, for a look at the tables: they are in the schema <see cref="SchemaName"/>.</summary>
    public string PostgresConnectionString { get; }

    /// <summary>How many requests there were of each kind.</summary>
    public IReadOnlyDictionary<RequestKind, long> Requests => _requests.Counts;

    /// <summary>The bytes of all submitted statements' bodies.</summary>
    public long RequestBytes => _requests.Bytes;

    /// <summary>What becomes of a request id that is sent again with <c>retry=true</c>.</summary>
    public TokenMode Tokens
    {
        get => _statements.Tokens;
        set => _statements.Tokens = value;
    }

    /// <summary>After how long a synchronous request is answered with 202: 45 seconds, as Snowflake does.</summary>
    public TimeSpan SyncWait
    {
        get => _face.SyncWait;
        set => _face.SyncWait = value;
    }

    /// <summary>How many rows a partition of a result has.</summary>
    public int PartitionRows
    {
        get => _face.PartitionRows;
        set => _face.PartitionRows = value;
    }

    /// <summary>The schema of PostgreSQL that stands for a schema of a database.</summary>
    public static string SchemaName(string database, string schema) => SnowflakeScope.SchemaName(database, schema);

    /// <summary>Starts a server in this process.</summary>
    public static async Task<SnowflakeStandIn> StartAsync(SnowflakeStandInOptions options, CancellationToken ct = default)
    {
        var database = new NpgsqlConnectionStringBuilder(options.Postgres) { Database = options.PostgresDatabase };
        var catalog = await SnowflakeCatalog.OpenAsync(database, ct);
        var parts = new ServerParts(
            options, catalog, new SnowflakeAccount(options, options.Clock), new S3Objects(options.S3, options.AccessKey, options.SecretKey),
            new TestControls());
        var server = new SnowflakeStandIn(parts, database);
        server._server = await LoopbackServer.StartAsync(server.Map, options.Port, options.Certificate, ct);
        return server;
    }

    /// <summary>Creates a schema of a database, and with it the database, unless they exist.</summary>
    public Task CreateSchemaAsync(string database, string schema, CancellationToken ct = default)
        => _parts.Catalog.CreateSchemaAsync(database, schema, ct);

    /// <summary>Drops a schema of a database and all in it.</summary>
    public Task DropSchemaAsync(string database, string schema, CancellationToken ct = default)
        => _parts.Catalog.DropSchemaAsync(database, schema, ct);

    public async ValueTask DisposeAsync()
    {
        await _statements.StopAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _parts.Objects.Dispose();
        await _parts.Catalog.DisposeAsync();
    }

    private void Map(WebApplication app)
    {
        _face.Map(app);
        ControlRoutes.Map(app, Controls, mode => Tokens = mode);
        new AccountRoutes(this).Map(app);
    }
}
