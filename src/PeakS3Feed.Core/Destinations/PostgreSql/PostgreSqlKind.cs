using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>PostgreSQL as a kind of destination.</summary>
internal sealed class PostgreSqlKind : DestinationKind<PostgreSqlDestination>
{
    public override string Name => "PostgreSql";

    public override PairRole PairRole => PairRole.Warehouse;

    public override IJsonTypeInfoResolver Json => PostgreSqlJson.Default;

    public override void Prepare()
        => WireSettings.CreateSource(WireSettings.Create("localhost", 5432, "none", "Disable", rootCertificate: null)).Dispose();

    protected override IEnumerable<DefinitionProblem> Check(PostgreSqlDestination definition) => new[]
    {
        ServerRules.CheckHost(definition.Host, nameof(definition.Host), allowsSocket: true),
        ServerRules.CheckPort(definition.Port, nameof(definition.Port)),
        ServerRules.CheckDatabase(definition.Database, nameof(definition.Database)),
        ServerRules.CheckSchema(definition.Schema, nameof(definition.Schema)),
        definition.Username is { } user && string.IsNullOrWhiteSpace(user)
            ? new DefinitionProblem(nameof(definition.Username), "The user name is blank.", "Leave it out for the system's user.") : null,
        ServerRules.CheckSslMode(definition.SslMode, nameof(definition.SslMode)),
        ServerRules.CheckRootCertificate(definition.RootCertificate, nameof(definition.RootCertificate)),
        ServerRules.CheckPassword(definition.Password, nameof(definition.Password)),
    }.OfType<DefinitionProblem>();

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
