using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Snowflake as a kind of destination.</summary>
internal sealed class SnowflakeKind : DestinationKind<SnowflakeDestination>
{
    public override string Name => "Snowflake";

    public override IJsonTypeInfoResolver Json => SnowflakeJson.Default;

    public override IReadOnlyList<PolicyPurpose> PolicyPurposes => [PolicyPurpose.Staging, PolicyPurpose.Copy];

    protected override IEnumerable<DefinitionProblem> Check(SnowflakeDestination definition)
        => SnowflakeAccessRules.Check(definition).Concat(SnowflakeLoadRules.Check(definition));

    protected override IEnumerable<string> Secrets(SnowflakeDestination definition)
        => new[] { definition.PrivateKey, definition.PrivateKeyPassphrase, definition.OAuthToken, definition.AccessToken }.OfType<string>();

    protected override IEnumerable<ConnectionReference> Connections(SnowflakeDestination definition)
        => string.IsNullOrWhiteSpace(definition.StagingConnection)
            ? [] : [new(nameof(definition.StagingConnection), definition.StagingConnection, definition.StagingPrefix)];

    protected override IEnumerable<DefinitionProblem> CheckConnection(SnowflakeDestination definition, S3Connection connection)
        => StagingRules.CheckConnection(connection);

    // User, role and warehouse do not matter, nor does the way to the account: through PrivateLink or a proxy, the tables are the same.
    protected override string Identity(SnowflakeDestination definition, string stateDirectory)
    {
        var account = SnowflakeAccount.TryParse(definition.Account, out var parsed)
            ? parsed.Host.Replace(".privatelink", "", StringComparison.Ordinal)
            : definition.Account.ToLowerInvariant();
        return string.Join('\n', account, SnowflakeIdentifier.Read(definition.Database), SnowflakeIdentifier.Read(definition.Schema));
    }

    protected override Task<IDestination> OpenAsync(
        SnowflakeDestination definition, DestinationContext context, CancellationToken cancellationToken)
        => throw new NotImplementedException("The engine of Snowflake destinations is not part of this build."); // joined by the lead
}

/// <summary>The JSON of definitions.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SnowflakeDestination))]
internal sealed partial class SnowflakeJson : JsonSerializerContext;
