using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Tables on S3 whose bucket is a folder, whatever the connection says.</summary>
internal sealed class FolderTablesKind(string folder) : DestinationKind<S3ExternalDestination>
{
    public override string Name => "S3External";

    public override IJsonTypeInfoResolver Json => S3ExternalJson.Default;

    public override PairRole PairRole => PairRole.Files;

    public override bool Partitions => true;

    /// <summary>What every request to the bucket ends with; null for nothing.</summary>
    public FeedException? Failure { get; set; }

    /// <summary>The tables that were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>The kinds of destinations, with this one in place of the one of that name.</summary>
    public DestinationKinds Kinds => new(BuiltInDestinations.Kinds.All.Select(k => k.Name == Name ? this : k));

    protected override IEnumerable<DefinitionProblem> Check(S3ExternalDestination definition) => [];

    protected override IEnumerable<ConnectionReference> Connections(S3ExternalDestination definition)
        => [new(nameof(definition.ConnectionName), definition.ConnectionName, definition.RootPath) { HoldsTables = true }];

    protected override string Identity(S3ExternalDestination definition, string stateDirectory) => definition.Name;

    protected override Task<IDestination> OpenAsync(
        S3ExternalDestination definition, DestinationContext context, CancellationToken cancellationToken)
    {
        Opened++;
        return Failure is null
            ? Task.FromResult<IDestination>(new ExternalTables(definition, new FolderStagingArea(folder), context.Loggers, context.Time))
            : throw Failure;
    }
}
