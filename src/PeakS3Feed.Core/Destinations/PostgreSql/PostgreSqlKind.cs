using System.Buffers;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>PostgreSQL as a kind of destination.</summary>
internal sealed class PostgreSqlKind : DestinationKind<PostgreSqlDestination>
{
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create("@;=,/ ");

    public override string Name => "PostgreSql";

    public override IJsonTypeInfoResolver Json => PostgreSqlJson.Default;

    protected override IEnumerable<DefinitionProblem> Check(PostgreSqlDestination definition)
    {
        if (string.IsNullOrWhiteSpace(definition.Host)) yield return new(nameof(definition.Host), "The host is missing.");
        else if (!definition.Host.StartsWith('/') && definition.Host.AsSpan().ContainsAny(NotInHosts))
        {
            // The message does not repeat the host: people paste connection strings here, with passwords.
            yield return new(
                nameof(definition.Host),
                "The host must be a name, an address or the folder of a Unix socket, not a connection string.",
                "Give port, database and user as settings of their own.");
        }
        else if (!definition.Host.StartsWith('/') && definition.Host.Count(c => c == ':') == 1)
        {
            yield return new(nameof(definition.Host), "The host contains a port.", "Give the port as a setting of its own.");
        }

        if (definition.Port is < 1 or > 65535) yield return new(nameof(definition.Port), $"{definition.Port} is not a port: ports are 1 to 65535.");
        if (string.IsNullOrWhiteSpace(definition.Database)) yield return new(nameof(definition.Database), "The database is missing.");
        if (string.IsNullOrWhiteSpace(definition.Schema))
            yield return new(nameof(definition.Schema), "The schema is blank.", "Leave it out for public.");
        if (definition.Username is { } user && string.IsNullOrWhiteSpace(user))
            yield return new(nameof(definition.Username), "The user name is blank.", "Leave it out for the system's user.");
        var modes = PostgreSqlDestination.SslModes;
        if (!modes.Contains(definition.SslMode, StringComparer.OrdinalIgnoreCase))
            yield return new(nameof(definition.SslMode), $"SslMode must be {string.Join(", ", modes.SkipLast(1))} or {modes[^1]}.");
        if (definition.RootCertificate is { } file && !RootedPath.IsRooted(file, RootedPath.Here))
            yield return new(nameof(definition.RootCertificate), "The path of the root certificate must be absolute.");
        if (definition.Password is { } password && !SecretReference.TryParse(password, out _))
            yield return new(nameof(definition.Password), SecretErrors.NotStored, SecretErrors.Kinds);
    }

    protected override IEnumerable<string> Secrets(PostgreSqlDestination definition) => definition.Password is { } password ? [password] : [];

    // The user, the password and the encryption do not matter: they lead to the same tables.
    protected override string Identity(PostgreSqlDestination definition, string stateDirectory) => string.Join(
        '\n', definition.Host.StartsWith('/') ? definition.Host : definition.Host.ToUpperInvariant(),
        definition.Port.ToString(CultureInfo.InvariantCulture), definition.Database, definition.Schema);

    protected override async Task<IDestination> OpenAsync(
        PostgreSqlDestination definition, DestinationContext context, CancellationToken cancellationToken)
    {
        var password = definition.Password is { } reference
            ? await context.Secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken)
            : null;
        return new PostgreSqlServer(definition, password);
    }
}

/// <summary>The JSON of definitions.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PostgreSqlDestination))]
internal sealed partial class PostgreSqlJson : JsonSerializerContext;
