using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>A store with the staging connection <c>acme</c> and the Redshift destination <c>dwh</c>.</summary>
internal sealed class PolicyStore : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PolicyStore() => Engine = new(StorePaths.Resolve(_folder.Path));

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
}
