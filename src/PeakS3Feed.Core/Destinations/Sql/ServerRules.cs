using System.Buffers;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>The rules for the settings of a connection to a SQL server, the same for each kind. Problems never repeat a host or a password.</summary>
internal static class ServerRules
{
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create("@;=,/ ");

    /// <summary>The names of the encryption modes, in any case.</summary>
    public static IReadOnlyList<string> SslModes { get; } = ["Disable", "Prefer", "Require", "VerifyCA", "VerifyFull"];

    /// <summary>Checks a host name or an address. People paste connection strings here, with passwords.</summary>
    /// <param name="host">The host.</param>
    /// <param name="field">The setting.</param>
    /// <param name="allowsSocket">Whether the folder of a Unix socket is allowed.</param>
    public static DefinitionProblem? CheckHost(string? host, string field, bool allowsSocket)
    {
        if (string.IsNullOrWhiteSpace(host)) return new(field, "The host is missing.");
        if (allowsSocket && host.StartsWith('/')) return null;
        if (host.AsSpan().ContainsAny(NotInHosts))
        {
            return new(
                field,
                $"The host must be {(allowsSocket ? "a name, an address or the folder of a Unix socket" : "a name or an address")}, "
                    + "not a connection string.",
                "Give port, database and user as settings of their own.");
        }
        return host.Count(c => c == ':') == 1 ? new(field, "The host contains a port.", "Give the port as a setting of its own.") : null;
    }

    /// <summary>Checks a TCP port.</summary>
    public static DefinitionProblem? CheckPort(int port, string field)
        => port is < 1 or > 65535 ? new(field, $"{port} is not a port: ports are 1 to 65535.") : null;

    /// <summary>Checks the name of a database.</summary>
    public static DefinitionProblem? CheckDatabase(string? database, string field)
        => string.IsNullOrWhiteSpace(database) ? new(field, "The database is missing.") : null;

    /// <summary>Checks the name of a schema.</summary>
    public static DefinitionProblem? CheckSchema(string? schema, string field)
        => string.IsNullOrWhiteSpace(schema) ? new(field, "The schema is blank.", "Leave it out for public.") : null;

    /// <summary>Checks the name of an encryption mode.</summary>
    public static DefinitionProblem? CheckSslMode(string mode, string field)
        => SslModes.Contains(mode, StringComparer.OrdinalIgnoreCase)
            ? null : new(field, $"{field} must be {string.Join(", ", SslModes.SkipLast(1))} or {SslModes[^1]}.");

    /// <summary>Checks the path of a root certificate; null is allowed.</summary>
    public static DefinitionProblem? CheckRootCertificate(string? file, string field)
        => file is null || RootedPath.IsRooted(file, RootedPath.Here) ? null : new(field, "The path of the root certificate must be absolute.");

    /// <summary>Checks that a password is a reference; null is allowed.</summary>
    public static DefinitionProblem? CheckPassword(string? password, string field)
        => password is null || SecretReference.TryParse(password, out _) ? null : new(field, SecretErrors.NotStored, SecretErrors.Kinds);
}
