using System.Security.Cryptography.X509Certificates;
using Npgsql;
using PeakS3Feed.RedshiftServer.Catalog;
using PeakS3Feed.RedshiftServer.Control;
using PeakS3Feed.RedshiftServer.Copy;
using PeakS3Feed.RedshiftServer.DataApi;
using PeakS3Feed.RedshiftServer.Wire;
using PeakS3Feed.TestServers.Control;

namespace PeakS3Feed.RedshiftServer;

/// <summary>How a server is started.</summary>
/// <param name="Postgres">The connection string of the PostgreSQL server behind it.</param>
/// <param name="S3">The endpoint of the S3 server that COPY reads from.</param>
public sealed record RedshiftStandInOptions(string Postgres, string S3)
{
    /// <summary>The database that stands for Redshift's.</summary>
    public string Database { get; init; } = "peaks3feed_redshift";

    /// <summary>The key with which COPY reads, and with which requests to the Data API are signed.</summary>
    public string AccessKey { get; init; } = "CUSTOMERACCESSKEY001";

    /// <summary>The key's secret.</summary>
    public string SecretKey { get; init; } = "customerSecretKey0000000000000000000001";

    /// <summary>The certificate of the wire; null for a server without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The port of the wire; 0 for a free one.</summary>
    public int WirePort { get; init; }

    /// <summary>The port of the Data API and of the controls; 0 for a free one.</summary>
    public int HttpPort { get; init; }
}

/// <summary>
/// A stand-in for Redshift before a real PostgreSQL 15: PostgreSQL's protocol and the Data API. It encodes the documentation of
/// Redshift, not Redshift.
/// <code>
/// await using var redshift = await RedshiftStandIn.StartAsync(new(postgres, s3));
/// redshift.Controls.Add(new("stall", "COPY .*my_table", ControlAction.Stall));
/// await using var connection = new NpgsqlConnection(redshift.ConnectionString);
/// </code>
/// </summary>
public sealed class RedshiftStandIn : IAsyncDisposable
{
    private readonly ServerParts _parts;
    private readonly WireListener _listener;
    private readonly HttpFace _http;
    private readonly StatementStore _statements;
    private readonly DataApiService _service;

    private RedshiftStandIn(ServerParts parts, RedshiftStandInOptions options)
    {
        (_parts, _listener) = (parts, new WireListener(parts, options.WirePort));
        ConnectionString = new NpgsqlConnectionStringBuilder(parts.Backend.ConnectionString)
        {
            Host = "127.0.0.1", Port = _listener.Port, SslMode = SslMode.Disable,
        }.ConnectionString;
        _statements = new StatementStore(new StatementWork(ConnectionString, TimeProvider.System), TimeProvider.System);
        _service = new DataApiService(_statements);
        var logins = new LoginService(parts.Backend.Username!, parts.Backend.Password!, TimeProvider.System);
        var signature = new RequestSignature(options.AccessKey, options.SecretKey, TimeProvider.System);
        _http = new HttpFace(_service, _statements, logins, signature, parts.Controls);
    }

    /// <summary>The statements seen, and the rules of tests.</summary>
    public TestControls Controls => _parts.Controls;

    /// <summary>An Npgsql connection string to the wire, without TLS.</summary>
    public string ConnectionString { get; }

    /// <summary>The address of the Data API, and of the services that grant logins for the wire.</summary>
    public string DataApiUrl => _http.Url;

    /// <summary>What the Data API makes of a client token that it has seen.</summary>
    public TokenMode Tokens
    {
        get => _statements.Tokens;
        set => _statements.Tokens = value;
    }

    /// <summary>How many rows an answer of GetStatementResult has.</summary>
    public int PageSize
    {
        get => _service.PageSize;
        set => _service.PageSize = value;
    }

    /// <summary>Starts a server in this process.</summary>
    public static async Task<RedshiftStandIn> StartAsync(RedshiftStandInOptions options, CancellationToken ct = default)
    {
        var backend = new NpgsqlConnectionStringBuilder(options.Postgres) { Database = options.Database };
        var catalog = await StandInCatalog.OpenAsync(backend, ct);
        var files = new StagedFiles(options.S3, options.AccessKey, options.SecretKey);
        var parts = new ServerParts(backend, catalog, files, new TestControls(), options.Certificate);
        var server = new RedshiftStandIn(parts, options);
        await server._http.StartAsync(options.HttpPort, ct);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        await _listener.DisposeAsync();
        _parts.Files.Dispose();
        await _parts.Catalog.DisposeAsync();
    }
}
