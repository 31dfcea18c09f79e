using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Amazon Redshift as a kind of destination.</summary>
internal sealed class RedshiftKind : DestinationKind<RedshiftDestination>
{
    public override string Name => "Redshift";

    public override IJsonTypeInfoResolver Json => RedshiftJson.Default;

    public override PairRole PairRole => PairRole.Warehouse;

    protected override IEnumerable<DefinitionProblem> Check(RedshiftDestination definition)
        => RedshiftAccessRules.Check(definition).Concat(RedshiftLoadRules.Check(definition));

    protected override IEnumerable<string> Secrets(RedshiftDestination definition) => definition.Password is { } password ? [password] : [];

    protected override IEnumerable<ConnectionReference> Connections(RedshiftDestination definition)
        => string.IsNullOrWhiteSpace(definition.StagingConnection)
            ? [] : [new(nameof(definition.StagingConnection), definition.StagingConnection, definition.StagingPrefix)];

    public override IReadOnlyList<PolicyPurpose> PolicyPurposes => [PolicyPurpose.Staging, PolicyPurpose.Copy, PolicyPurpose.DataApi];

    protected override bool MayLoadObjects(RedshiftDestination definition) => definition.LoadPath != LoadPath.Staged;

    protected override S3FeedPolicy CreatePolicy(RedshiftDestination definition, PolicyPurpose purpose, ReadConnections read, TrustedParty? trusted)
        => purpose == PolicyPurpose.Copy ? RedshiftPolicies.ForCopy(definition, read) : RedshiftPolicies.ForServices(definition);

    protected override IEnumerable<DefinitionProblem> CheckConnection(RedshiftDestination definition, S3Connection connection)
        => StagingRules.CheckConnection(connection);

    // The user does not matter. A profile does, because two accounts may have clusters of one name. The warehouse folds names to lower case.
    protected override string Identity(RedshiftDestination definition, string stateDirectory)
    {
        string[] place = definition.Host is { } host
            ? ["host", host.ToUpperInvariant(), definition.Port.ToString(CultureInfo.InvariantCulture)]
            :
            [
                definition.WorkgroupName is null ? "cluster" : "workgroup", definition.WorkgroupName ?? definition.ClusterIdentifier ?? "",
                definition.Region ?? "", definition.ProfileName ?? "",
            ];
        return string.Join('\n', [.. place, definition.Database.ToUpperInvariant(), definition.Schema.ToUpperInvariant()]);
    }

    protected override async Task<IDestination> OpenAsync(
        RedshiftDestination definition, DestinationContext context, CancellationToken cancellationToken)
    {
        var password = definition.Password is { } reference
            ? await context.Secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken)
            : null;
        var staging = await StagingAreaFactory.OpenAsync(
            context, definition.Name, definition.StagingConnection, definition.StagingPrefix, cancellationToken);
        return RedshiftWarehouse.Open(definition, password, staging, context.Loggers, context.Time);
    }
}

/// <summary>The JSON of definitions.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RedshiftDestination))]
internal sealed partial class RedshiftJson : JsonSerializerContext;
