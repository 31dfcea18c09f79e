using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Feeds;
using PeakS3Feed.Integration.EndToEnd;

namespace PeakS3Feed.Integration.S3;

/// <summary>
/// The guide's way on a real gateway: two buckets of a customer, a connection that begins as a draft, its policy, and a role made with
/// exactly that. The role's only door is the proxy that shows Ceph the external id.
/// </summary>
internal sealed class PolicyWorld : IAsyncDisposable
{
    public const string ConnectionName = "acme";
    public const string FeedName = "orders";
    public const string Principal = "arn:aws:iam:::user/platform";

    private readonly StsRecorder _sts;

    private PolicyWorld(string url, string root)
    {
        Url = url;
        Root = root;
        Owner = Client(new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret));
        _sts = new StsRecorder(url);
    }

    public string Url { get; }

    public string Root { get; }

    public string Prefix => Root is "/" ? "" : Root;

    public string Bucket { get; } = $"policy-{Guid.NewGuid():N}";

    public string OtherBucket => Bucket + "-2";

    public TestStore Store { get; } = new();

    public AmazonS3Client Owner { get; }

    public CephRole? Role { get; private set; }

    /// <summary>Buckets with versions, a file under the root path, and a draft of the connection.</summary>
    public static async Task<PolicyWorld> OpenAsync(string root, string? externalId = "ext-1")
    {
        var url = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3");
        Skip.If(string.IsNullOrEmpty(url), "PEAKS3FEED_TEST_S3 is not set: no S3 server to test against");
        var world = new PolicyWorld(url!, root);
        foreach (var bucket in new[] { world.Bucket, world.OtherBucket })
        {
            await world.Owner.PutBucketAsync(bucket);
            await world.Owner.PutBucketVersioningAsync(new() { BucketName = bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } });
            await world.PutAsync(bucket, world.Prefix + "a.csv", "id,name\n1,Ann\n");
            await world.PutAsync(bucket, world.Prefix + "deep er/b+%.csv", "id,name\n2,Bob\n");
        }
        await world.Store.DefineAsync(d => d
            .With(new S3Connection
            {
                Name = ConnectionName, BucketName = world.Bucket, RootPath = root, Region = "us-east-1", ExternalId = externalId,
                EndpointUrl = url, StsEndpointUrl = world._sts.Url, ForcePathStyle = true,
            })
            .With(new S3Feed { Name = FeedName, ConnectionName = ConnectionName, DestinationNames = ["local"] }));
        return world;
    }

    /// <summary>
    /// Makes the role from the draft's policy and names it on the connection. Ceph does not know <c>sts:ExternalId</c>: there its value is in
    /// the header that <c>aws:Referer</c> is. All else is as generated, to the byte.
    /// </summary>
    public async Task MakeRoleAsync()
    {
        var policy = await PolicyAsync();
        Assert.Equal(1, policy.TrustPolicy!.Split("sts:ExternalId").Length - 1);
        Role = await CephRole.MakeAsync(policy.TrustPolicy!.Replace("sts:ExternalId", "aws:Referer", StringComparison.Ordinal), policy.PermissionPolicy);
        await Store.DefineAsync(d => d.With(d.FindConnection(ConnectionName)! with { RoleArn = Role.Arn }));
    }

    public Task<S3FeedPolicy> PolicyAsync() => Store.Engine.PolicyAsync(ConnectionName, Principal, CephS3.Platform, default);

    public async Task<S3Connection> ConnectionAsync() => (await Store.Engine.Store.ReadAsync()).FindConnection(ConnectionName)!;

    public Task PutAsync(string bucket, string key, string content) => Owner.PutObjectAsync(new PutObjectRequest
    {
        BucketName = bucket, Key = key, UseChunkEncoding = false, InputStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
    });

    /// <summary>A client with a session of the role, got as a run gets it.</summary>
    public async Task<AmazonS3Client> OpenAsRoleAsync()
    {
        using var clients = new AwsClients(
            await ConnectionAsync(), new SourceIdentity("test", Guid.NewGuid()), CephS3.Platform, NullLoggerFactory.Instance, TimeProvider.System, RetryBudget.Short);
        var session = (await clients.GetCredentialsAsync(default))!;
        return Client(new SessionAWSCredentials(session.AccessKey, session.SecretKey, session.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (Role is not null)
            await Role.DisposeAsync();
        _sts.Dispose();
        Owner.Dispose();
        Store.Dispose();
    }

    // A refused upload leaves the gateway's connection in disorder, so none is used again.
    private AmazonS3Client Client(AWSCredentials credentials) => new(credentials, new AmazonS3Config
    {
        ServiceURL = Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1", CacheHttpClient = false, MaxErrorRetry = 0,
    });
}
