using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Tables on S3 as a kind of destination.</summary>
internal sealed class S3ExternalKind : DestinationKind<S3ExternalDestination>
{
    public override string Name => "S3External";

    public override IJsonTypeInfoResolver Json => S3ExternalJson.Default;

    public override PairRole PairRole => PairRole.Files;

    public override bool Partitions => true;

    public override IReadOnlyList<PolicyPurpose> PolicyPurposes => [PolicyPurpose.Table];

    protected override IEnumerable<DefinitionProblem> Check(S3ExternalDestination definition) => S3ExternalRules.Check(definition);

    protected override IEnumerable<ConnectionReference> Connections(S3ExternalDestination definition)
        => string.IsNullOrWhiteSpace(definition.ConnectionName)
            ? []
            : [
                new(nameof(definition.ConnectionName), definition.ConnectionName, definition.RootPath)
                {
                    HoldsTables = true, KmsKeyArn = definition.KmsKeyArn,
                },
            ];

    protected override IEnumerable<DefinitionProblem> CheckConnection(S3ExternalDestination definition, S3Connection connection)
        => S3ExternalRules.CheckConnection(definition, connection);

    protected override IEnumerable<DefinitionProblem> CheckTable(S3ExternalDestination definition, string table, bool hasPartitions)
        => S3ExternalRules.CheckTable(definition, table, hasPartitions);

    // The bucket is not known without the connection, whose name is unique regardless of case.
    protected override string Identity(S3ExternalDestination definition, string stateDirectory)
        => $"{definition.ConnectionName.ToUpperInvariant()}\n{definition.RootPath}";

    protected override async Task<IDestination> OpenAsync(
        S3ExternalDestination definition, DestinationContext context, CancellationToken cancellationToken)
    {
        var root = await StagingAreaFactory.OpenAsync(
            context, definition.Name, definition.ConnectionName, definition.RootPath, cancellationToken,
            new StagingOptions { KmsKeyArn = definition.KmsKeyArn, IsTable = true });
        return new ExternalTables(definition, root, context.Loggers, context.Time);
    }
}

/// <summary>The JSON of definitions.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(S3ExternalDestination))]
internal sealed partial class S3ExternalJson : JsonSerializerContext;
