using Npgsql;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>The settings of a connection to PostgreSQL.</summary>
internal static class PostgreSqlConnection
{
    private static readonly string[] OtherLogins = ["PGPASSWORD", "PGPASSFILE", "PGSSLCERT", "PGSSLROOTCERT"];

    /// <summary>Makes them.</summary>
    /// <param name="definition">Where.</param>
    /// <param name="password">The resolved password, or null.</param>
    /// <param name="variable">Reads an environment variable; those of libpq count.</param>
    public static NpgsqlConnectionStringBuilder Settings(PostgreSqlDestination definition, string? password, Func<string, string?> variable)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = definition.Host,
            Port = definition.Port,
            Database = definition.Database,
            Username = definition.Username,
            Password = password,
            SslMode = Enum.Parse<SslMode>(definition.SslMode, ignoreCase: true),
            RootCertificate = definition.RootCertificate,
            ApplicationName = "PeakS3Feed",
            Pooling = false,        // one session a run, and its advisory lock must end with it
            Enlist = false,
            CommandTimeout = 0,     // a load takes what it takes; cancellation ends it
            KeepAlive = 30,         // seconds; between commands only
            TcpKeepAlive = true,    // within commands: a network that went silent ends the wait for an answer
            TcpKeepAliveTime = 30,
            TcpKeepAliveInterval = 10,
            Timezone = "UTC",
        };
        if (!UsesKerberos(definition, password, variable))
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        return settings;
    }

    // The driver asks for encryption by Kerberos before TLS. That costs a round trip and a search for a ticket, and where a ticket is found
    // it takes the place of the certificate check. Kerberos is kept where nothing else is set up to log in or to check the server with.
    private static bool UsesKerberos(PostgreSqlDestination definition, string? password, Func<string, string?> variable)
        => IsSet("PGGSSENCMODE", variable)
            || (password is null && definition.RootCertificate is null && !HasPassfile(variable)
                && !Array.Exists(OtherLogins, name => IsSet(name, variable)));

    private static bool IsSet(string name, Func<string, string?> variable) => !string.IsNullOrEmpty(variable(name));

    private static bool HasPassfile(Func<string, string?> variable) => OperatingSystem.IsWindows()
        ? variable("APPDATA") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "postgresql", "pgpass.conf"))
        : variable("HOME") is { Length: > 0 } home && File.Exists(Path.Combine(home, ".pgpass"));
}
