using System.Buffers;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations;

/// <summary>What a destination's definition must obey.</summary>
public static class DestinationRules
{
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create("@;=,/ ");

    /// <summary>What <see cref="PostgreSqlDestination.SslMode"/> can be, in any case.</summary>
    public static IReadOnlyList<string> SslModes { get; } = ["Disable", "Prefer", "Require", "VerifyCA", "VerifyFull"];

    /// <summary>Checks a destination.</summary>
    /// <returns>All problems; empty when it is fine. None of them repeats what was given for a password.</returns>
    public static IReadOnlyList<DefinitionProblem> Check(S3FeedDestination destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var problems = new List<DefinitionProblem>();
        if (NameRules.Check(destination.Name, nameof(destination.Name)) is { } name) problems.Add(name);
        if (string.Equals(destination.Name, "local", StringComparison.OrdinalIgnoreCase))
            problems.Add(new(nameof(destination.Name), "The destination \"local\" exists without being made.", "Take another name."));
        problems.AddRange(destination switch
        {
            SqliteDestination sqlite => Sqlite(sqlite),
            PostgreSqlDestination server => PostgreSql(server),
            _ => [],
        });
        return problems;
    }

    /// <summary>Throws when there are problems.</summary>
    /// <exception cref="FeedException"><c>DestinationInvalid</c>: the first problem, and how many more there are.</exception>
    public static void Demand(S3FeedDestination destination)
    {
        if (Check(destination) is { Count: > 0 } problems) throw DefinitionErrors.Invalid("Destination", destination.Name, problems);
    }

    private static IEnumerable<DefinitionProblem> Sqlite(SqliteDestination sqlite)
    {
        const string Field = nameof(SqliteDestination.Path);
        var path = sqlite.Path;
        if (string.IsNullOrWhiteSpace(path)) yield return new(Field, "The path of the database file is missing.");
        else if (path.StartsWith(':') || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            yield return new(
                Field,
                "The path must be that of a file; databases in memory and file: URIs are not supported.",
                "Write an absolute path, or a name in the state directory.");
        else if (path.EndsWith('/') || path.EndsWith('\\'))
            yield return new(Field, $"The path \"{path}\" is a folder's.", "Name the file, for example warehouse.db.");
        else if (RootedPath.IsRelativeToDrive(path, RootedPath.Here))
            yield return new(Field, $"The path \"{path}\" depends on the current folder of its drive.", $"Write {path[..2]}\\{path[2..]}, from the root on.");
        else if (path.Contains('\0', StringComparison.Ordinal)) yield return new(Field, "The path holds a NUL character.");
        else if (string.Equals(Path.GetFileName(path), "state.db", StringComparison.OrdinalIgnoreCase) && !RootedPath.IsRooted(path, RootedPath.Here))
            yield return new(Field, "state.db is the run history.", "Take another name.");
    }

    private static IEnumerable<DefinitionProblem> PostgreSql(PostgreSqlDestination server)
    {
        if (string.IsNullOrWhiteSpace(server.Host)) yield return new(nameof(server.Host), "The host is missing.");
        else if (!server.Host.StartsWith('/') && server.Host.AsSpan().ContainsAny(NotInHosts))
        {
            // Not repeated: people paste connection strings here, passwords and all.
            yield return new(
                nameof(server.Host),
                "The host must be a name, an address or the folder of a Unix socket, not a connection string.",
                "Give port, database and user by themselves.");
        }

        else if (!server.Host.StartsWith('/') && server.Host.Count(c => c == ':') == 1)
        {
            yield return new(nameof(server.Host), "The host holds a port.", "Give the port by itself.");
        }

        if (server.Port is < 1 or > 65535) yield return new(nameof(server.Port), $"{server.Port} is no port; they go from 1 to 65535.");
        if (string.IsNullOrWhiteSpace(server.Database)) yield return new(nameof(server.Database), "The database is missing.");
        if (string.IsNullOrWhiteSpace(server.Schema)) yield return new(nameof(server.Schema), "The schema is blank.", "Leave it out for public.");
        if (server.Username is { } user && string.IsNullOrWhiteSpace(user))
            yield return new(nameof(server.Username), "The user name is blank.", "Leave it out for the system's user.");
        if (!SslModes.Contains(server.SslMode, StringComparer.OrdinalIgnoreCase))
            yield return new(nameof(server.SslMode), $"SslMode must be {string.Join(", ", SslModes.SkipLast(1))} or {SslModes[^1]}.");
        if (server.RootCertificate is { } file && !RootedPath.IsRooted(file, RootedPath.Here))
            yield return new(nameof(server.RootCertificate), "The path of the root certificate must be absolute.");
        if (server.Password is { } password && !SecretReference.TryParse(password, out _))
            yield return new(nameof(server.Password), "A secret itself must not be stored; only a reference to it may be.", SecretErrors.Kinds);
    }
}
