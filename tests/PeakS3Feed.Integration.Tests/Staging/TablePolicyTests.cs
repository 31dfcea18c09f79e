using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Staging;

/// <summary>
/// The policies of tables on S3 on a server that enforces roles. It does not know the condition keys of the statement for the bucket, which only an
/// account of AWS can enforce.
/// </summary>
[Trait(Category.Name, Category.Server)]
public sealed class TablePolicyTests
{
    private const string Entry = "orders/_delta_log/00000000000000000000.json";

    [SkippableFact]
    public async Task The_writer_creates_log_entries_replaces_checkpoints_and_cleans_up()
    {
        await using var world = await World.CreateAsync(p => p.PermissionPolicy);
        using var client = await world.ClientAsync();

        await world.PutAsync(client, Entry, ifNoneMatch: true);
        var lost = await Assert.ThrowsAsync<AmazonS3Exception>(() => world.PutAsync(client, Entry, ifNoneMatch: true));
        Assert.Equal(412, (int)lost.StatusCode);
        foreach (var name in new[] { "orders/_delta_log/_last_checkpoint", "orders/_delta_log/_last_checkpoint", "orders/_spectrum_manifest/manifest" })
            await world.PutAsync(client, name, ifNoneMatch: false);
        Assert.Equal(3, (await world.ListAsync(client)).Count);
        Assert.Equal("x", await world.ReadAsync(client, Entry));
        await client.DeleteObjectAsync(CephS3.Bucket, world.Prefix + Entry);
        Assert.Equal(2, (await world.ListAsync(client)).Count);
    }

    [SkippableFact]
    public async Task A_reader_lists_and_reads_and_changes_nothing()
    {
        await using var world = await World.CreateAsync(p => p.ReaderPolicy!);
        await world.Ceph.PutAsync("tables/" + Entry, "x");
        using var client = await world.ClientAsync();

        Assert.Equal([world.Prefix + Entry], await world.ListAsync(client));
        Assert.Equal("x", await world.ReadAsync(client, Entry));
        await world.DeniedAsync(c => world.PutAsync(c, "orders/part-2.parquet", ifNoneMatch: true));
        await world.DeniedAsync(c => c.DeleteObjectAsync(CephS3.Bucket, world.Prefix + Entry));
        await world.DeniedAsync(c => c.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = CephS3.Bucket, Key = world.Prefix + "orders/part-3.parquet" }));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outside_of_the_folder_everything_is_refused(bool writes)
    {
        await using var world = await World.CreateAsync(p => writes ? p.PermissionPolicy : p.ReaderPolicy!);
        await world.Ceph.PutAsync("tables2/" + Entry, "x");
        await world.DeniedAsync(c => c.GetObjectAsync(CephS3.Bucket, world.Ceph.Folder + "tables2/" + Entry));
        await world.DeniedAsync(c => c.ListObjectsV2Async(new() { BucketName = CephS3.Bucket, Prefix = world.Ceph.Folder }));
        await world.DeniedAsync(c => c.PutObjectAsync(new() { BucketName = CephS3.Bucket, Key = world.Ceph.Folder + "tables2/x", ContentBody = "x" }));
        await world.DeniedAsync(c => c.DeleteObjectAsync(CephS3.Bucket, world.Ceph.Folder + "tables2/" + Entry));
    }

    /// <summary>A folder of the real server, and a role with one of the policies of its tables.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly CephRole _role;
        private readonly S3Connection _connection;

        private World(CephS3 ceph, CephRole role, S3Connection connection) => (Ceph, _role, _connection) = (ceph, role, connection);

        public CephS3 Ceph { get; }

        public string Prefix => Ceph.Folder + "tables/";

        public static async Task<World> CreateAsync(Func<S3FeedPolicy, string> choose)
        {
            var ceph = await CephS3.OpenAsync();
            var draft = ceph.Connection with { RoleArn = null, ExternalId = null, TrustedPrincipal = PolicyWorld.Principal };
            var policy = await new PolicyFactory(null, NullLoggerFactory.Instance, TimeProvider.System)
                .CreateForTablesAsync(new BucketPrefix(draft, draft.RootPrefix + "tables/"), "lake", isSource: false, default);
            var role = await CephRole.MakeAsync(policy.TrustPolicy!, choose(policy));
            return new(ceph, role, draft with { RoleArn = role.Arn });
        }

        public async Task<AmazonS3Client> ClientAsync()
        {
            using var clients = new AwsClients(
                _connection, new SourceIdentity("test", Guid.NewGuid()), CephS3.Platform, NullLoggerFactory.Instance, TimeProvider.System, RetryBudget.Short);
            var session = (await clients.GetCredentialsAsync(default))!;
            return new(
                new SessionAWSCredentials(session.AccessKey, session.SecretKey, session.Token),
                new AmazonS3Config { ServiceURL = Ceph.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, CacheHttpClient = false });
        }

        // Each call has connections of its own: the gateway takes the unread body of a refused upload for the next request.
        public async Task DeniedAsync(Func<AmazonS3Client, Task> call)
        {
            using var client = await ClientAsync();
            var error = await Record.ExceptionAsync(() => call(client));
            Assert.True(error is AmazonS3Exception { ErrorCode: "AccessDenied" }, error?.ToString() ?? "it works");
        }

        public Task PutAsync(AmazonS3Client client, string name, bool ifNoneMatch) => client.PutObjectAsync(new()
        {
            BucketName = CephS3.Bucket, Key = Prefix + name, ContentBody = "x", IfNoneMatch = ifNoneMatch ? "*" : null, UseChunkEncoding = false,
        });

        public async Task<List<string>> ListAsync(AmazonS3Client client)
            => [.. (await client.ListObjectsV2Async(new() { BucketName = CephS3.Bucket, Prefix = Prefix })).S3Objects?.Select(o => o.Key) ?? []];

        public async Task<string> ReadAsync(AmazonS3Client client, string name)
        {
            using var answer = await client.GetObjectAsync(CephS3.Bucket, Prefix + name);
            using var reader = new StreamReader(answer.ResponseStream);
            return await reader.ReadToEndAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _role.DisposeAsync();
            Ceph.Dispose();
        }
    }
}
