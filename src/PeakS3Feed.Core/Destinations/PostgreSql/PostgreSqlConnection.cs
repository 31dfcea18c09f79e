using Npgsql;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>Builds the settings of a connection to PostgreSQL.</summary>
internal static class PostgreSqlConnection
{
    private static readonly string[] OtherLogins = ["PGPASSWORD", "PGPASSFILE", "PGSSLCERT", "PGSSLROOTCERT"];

    /// <summary>Creates the settings.</summary>
    /// <param name="definition">The destination.</param>
    /// <param name="password">The resolved password, or null.</param>
    /// <param name="variable">Reads an environment variable; libpq's variables apply.</param>
    public static NpgsqlConnectionStringBuilder Settings(PostgreSqlDestination definition, string? password, Func<string, string?> variable)
    {
        var settings = WireSettings.Create(definition.Host, definition.Port, definition.Database, definition.SslMode, definition.RootCertificate);
        settings.Username = definition.Username;
        settings.Password = password;
        settings.Timezone = "UTC";
        if (!UsesKerberos(definition, password, variable))
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        return settings;
    }

    // The driver tries Kerberos encryption before TLS. That costs a round trip and a search for a ticket, and where a ticket exists,
    // it replaces the certificate check. Kerberos stays on only where no password and no certificate is configured.
    private static bool UsesKerberos(PostgreSqlDestination definition, string? password, Func<string, string?> variable)
        => IsSet("PGGSSENCMODE", variable)
            || (password is null && definition.RootCertificate is null && !HasPassfile(variable)
                && !Array.Exists(OtherLogins, name => IsSet(name, variable)));

    private static bool IsSet(string name, Func<string, string?> variable) => !string.IsNullOrEmpty(variable(name));

    private static bool HasPassfile(Func<string, string?> variable) => OperatingSystem.IsWindows()
        ? variable("APPDATA") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "postgresql", "pgpass.conf"))
        : variable("HOME") is { Length: > 0 } home && File.Exists(Path.Combine(home, ".pgpass"));
}
