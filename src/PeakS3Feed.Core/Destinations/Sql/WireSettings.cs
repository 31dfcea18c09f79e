using Npgsql;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>The settings that all sessions over PostgreSQL's wire protocol have.</summary>
internal static class WireSettings
{
    /// <summary>The driver's buffer for what it sends, in bytes. It sends what is longer in pieces of its own: a header, then the rest.</summary>
    public const int WriteBufferBytes = 66 * 1024;

    /// <summary>Creates the settings. The login is not among them.</summary>
    /// <param name="host">Host name, address, or the folder of a Unix socket.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="database">The database.</param>
    /// <param name="sslMode">Disable, Prefer, Require, VerifyCA or VerifyFull, in any case.</param>
    /// <param name="rootCertificate">PEM file of the authorities to trust; null for the system's.</param>
    public static NpgsqlConnectionStringBuilder Create(string host, int port, string database, string sslMode, string? rootCertificate) => new()
    {
        Host = host,
        Port = port,
        Database = database,
        SslMode = Enum.Parse<SslMode>(sslMode, ignoreCase: true),
        RootCertificate = rootCertificate,
        ApplicationName = "PeakS3Feed",
        Pooling = false,        // one session a run, and what it holds must end with it
        Enlist = false,
        WriteBufferSize = WriteBufferBytes,
        CommandTimeout = 0,     // a load may take any time; cancellation ends it
        KeepAlive = 30,         // seconds; between commands only
        TcpKeepAlive = true,    // within commands: ends the wait for an answer when the network is gone
        TcpKeepAliveTime = 30,
        TcpKeepAliveInterval = 10,
    };

    /// <summary>
    /// Creates a source of sessions. It does not load the server's types: our statements exchange built-in types and text only, and the query for them
    /// needs catalogs that Redshift lacks.
    /// </summary>
    public static NpgsqlDataSource CreateSource(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(o => o.EnableTypeLoading(false));
        return builder.Build();
    }
}
