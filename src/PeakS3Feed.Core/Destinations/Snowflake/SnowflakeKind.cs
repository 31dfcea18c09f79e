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

    // Not in a pair (the guide, "Destination"): "You can select either Snowflake or S3 (external table) for Snowflake tenants."
    public override PairRefusal? RefusePair(DestinationKind other) => other.PairRole == PairRole.Files
        ? new(
            "A feed loads either into Snowflake or into a table on S3, not into both. A table on S3 can stand beside Redshift, PostgreSQL or SQLite.",
            "Load only the table on S3, and let Snowflake read it there as an external or Iceberg table; or load only into Snowflake.")
        : null;

    protected override IEnumerable<DefinitionProblem> Check(SnowflakeDestination definition)
        => SnowflakeAccessRules.Check(definition).Concat(SnowflakeLoadRules.Check(definition));

    protected override IEnumerable<string> Secrets(SnowflakeDestination definition)
        => new[] { definition.PrivateKey, definition.PrivateKeyPassphrase, definition.OAuthToken, definition.AccessToken }.OfType<string>();

    protected override IEnumerable<ConnectionReference> Connections(SnowflakeDestination definition)
        => string.IsNullOrWhiteSpace(definition.StagingConnection)
            ? [] : [new(nameof(definition.StagingConnection), definition.StagingConnection, definition.StagingPrefix)];

    protected override IEnumerable<DefinitionProblem> CheckConnection(SnowflakeDestination definition, S3Connection connection)
        => StagingRules.CheckConnection(connection);

    public override bool HasSetup => true;

    public override bool TakesTrustedParty(PolicyPurpose purpose) => purpose == PolicyPurpose.Copy;

    protected override bool MayLoadObjects(SnowflakeDestination definition)
        => definition.LoadPath != LoadPath.Staged && SnowflakeSource.RefusePlace(definition) is null;

    protected override S3FeedPolicy CreatePolicy(SnowflakeDestination definition, PolicyPurpose purpose, ReadConnections read, TrustedParty? trusted)
        => SnowflakePolicies.ForCopy(definition, read, trusted);

    protected override S3FeedSetup CreateSetup(SnowflakeDestination definition, ReadConnections read, TrustedParty? trusted)
        => new SnowflakeSetup(definition, read, trusted).Create();

    // User, role and warehouse do not matter, nor does the way to the account: through PrivateLink or a proxy, the tables are the same.
    protected override string Identity(SnowflakeDestination definition, string stateDirectory)
    {
        var account = SnowflakeAccount.TryParse(definition.Account, out var parsed)
            ? parsed.Host.Replace(".privatelink", "", StringComparison.Ordinal)
            : definition.Account.ToLowerInvariant();
        return string.Join('\n', account, SnowflakeIdentifier.Read(definition.Database), SnowflakeIdentifier.Read(definition.Schema));
    }

    protected override async Task<IDestination> OpenAsync(
        SnowflakeDestination definition, DestinationContext context, CancellationToken cancellationToken)
    {
        var (connection, _) = await context.FindConnectionAsync(definition.StagingConnection, cancellationToken);
        var staging = await StagingAreaFactory.OpenAsync(
            context, definition.Name, definition.StagingConnection, definition.StagingPrefix, cancellationToken);
        return SnowflakeWarehouse.Open(definition, connection, context.Secrets, staging, context.Loggers, context.Time);
    }
}

/// <summary>The JSON of definitions.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SnowflakeDestination))]
internal sealed partial class SnowflakeJson : JsonSerializerContext;
