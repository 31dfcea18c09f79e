using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>A store with the staging connection <c>acme</c> and the Redshift destination <c>dwh</c>.</summary>
internal sealed class PolicyStore : IDisposable
{
    private static readonly DestinationKinds Kinds = BuiltInDestinations.Kinds.All.Any(k => k.DefinitionType == typeof(RedshiftDestination))
        ? BuiltInDestinations.Kinds
        : BuiltInDestinations.Kinds.With(new DefinitionsOnly());

    private readonly TemporaryFolder _folder = new();

    public PolicyStore() => Engine = new(StorePaths.Resolve(_folder.Path), new FeedEngineOptions { Kinds = Kinds });

    public static RedshiftDestination Workgroup { get; } = new()
    {
        Name = "dwh", WorkgroupName = "wg", Region = "eu-west-1", Database = "dev", StagingConnection = "acme", StagingPrefix = "stage/",
        IamRole = "arn:aws:iam::444455556666:role/copy",
    };

    public static RedshiftDestination Cluster { get; } = Workgroup with { WorkgroupName = null, ClusterIdentifier = "c1" };

    public FeedEngine Engine { get; }

    public async Task<S3FeedPolicy> GetAsync(RedshiftDestination destination, PolicyPurpose purpose, S3Connection? connection = null, string? principal = null)
    {
        await Engine.Store.UpdateAsync(d => d.With(connection ?? TestPolicy.Draft).With(destination));
        return await Engine.PolicyAsync(destination.Name, purpose, principal, accessKey: null, default);
    }

    public async Task<FeedException> FailAsync(string id, string name, PolicyPurpose purpose, string? principal = null)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => Engine.PolicyAsync(name, purpose, principal, accessKey: null, default));
        Assert.Equal(id, error.Id);
        return error;
    }

    public void Dispose() => _folder.Dispose();

    // Used only while the core has no kind for these definitions.
    private sealed class DefinitionsOnly : DestinationKind<RedshiftDestination>
    {
        public override string Name => "Redshift";

        public override IJsonTypeInfoResolver Json { get; } = new DefaultJsonTypeInfoResolver();

        protected override IEnumerable<DefinitionProblem> Check(RedshiftDestination definition) => [];

        protected override string Identity(RedshiftDestination definition, string stateDirectory) => definition.Place;

        protected override Task<IDestination> OpenAsync(
            RedshiftDestination definition, DestinationContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
