using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>How a destination of these tests reaches its warehouse.</summary>
public enum Way
{
    /// <summary>Redshift over PostgreSQL's wire protocol.</summary>
    Wire,

    /// <summary>The Redshift Data API.</summary>
    DataApi,

    /// <summary>Snowflake's SQL API.</summary>
    SqlApi,
}

/// <summary>A schema in a stand-in for a warehouse of the test's own, and a bucket in Ceph for staged files.</summary>
public abstract class WarehouseDatabase : TestDatabase
{
    /// <summary>The bucket for staged files.</summary>
    public const string Bucket = "warehouse-stage";

    private readonly AmazonS3Client _s3;

    protected WarehouseDatabase(AmazonS3Client s3, string endpoint)
    {
        _s3 = s3;
        Connections =
        [
            new S3Connection
            {
                Name = "staging", BucketName = Bucket, EndpointUrl = endpoint, ForcePathStyle = true, Region = "us-east-1", ProfileName = AwsProfile.Name,
                Status = ConnectionStatus.Verified,
            },
        ];
    }

    /// <summary>The schema of this test.</summary>
    public string Schema { get; } = string.Create(CultureInfo.InvariantCulture, $"s{Guid.NewGuid():N}");

    /// <summary>The folder of the bucket that takes the staged files.</summary>
    protected string StagingFolder => Schema + "/";

    /// <summary>The statements seen, and the rules of tests.</summary>
    public abstract TestControls Controls { get; }

    /// <summary>What the service makes of a token that it has seen.</summary>
    public abstract TokenMode Tokens { get; set; }

    /// <summary>Matches the statement that takes the lock of this schema's feed in a commit, in the texts that <see cref="Controls"/> has.</summary>
    public abstract string LockPattern { get; }

    /// <summary>Whether the first claim of a feed takes the lock, too.</summary>
    public abstract bool ClaimsWithLock { get; }

    /// <summary>Matches the request that sends a commit through a service.</summary>
    public abstract string CommitCall { get; }

    /// <summary>A rule that fails a statement with a conflict of transactions.</summary>
    public abstract ControlRule Conflict(string match, int times = 1);

    /// <summary>A rule that fails a statement because the user may not run it.</summary>
    public abstract ControlRule Denial(string match);

    /// <summary>Starts a stand-in; without the servers, the test is skipped by name.</summary>
    /// <param name="folder">The folder for what the definition refers to.</param>
    /// <param name="way">The way to the warehouse.</param>
    /// <param name="s3">The endpoint of the server that has the objects and takes the staged files; null for Ceph.</param>
    public static async Task<WarehouseDatabase> CreateAsync(TestFolder folder, Way way, string? s3 = null)
        => way == Way.SqlApi ? await SnowflakeDatabase.StartAsync(folder, s3) : await RedshiftDatabase.StartAsync(folder, way, s3);

    /// <summary>The destination, which loads the objects of a bucket itself.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="path">The path that it is to use.</param>
    public abstract S3FeedDestination LoadDirectly(string bucket, LoadPath path);

    /// <summary>The keys of the files that are staged now.</summary>
    public async Task<List<string>> StagedAsync()
        => [.. ((await _s3.ListObjectsV2Async(new() { BucketName = Bucket, Prefix = StagingFolder })).S3Objects ?? []).Select(o => o.Key)];

    /// <summary>The names of the staging tables that exist now, in lower case.</summary>
    public Task<List<string>> StagingTablesAsync() => FindTablesAsync("peaks3feed_stage%");

    /// <summary>The names of the tables that match a pattern of LIKE, both in lower case.</summary>
    public abstract Task<List<string>> FindTablesAsync(string pattern);

    /// <summary>The rows of a query, each as the texts of its values with | between them; NULL is ∅.</summary>
    public abstract Task<List<string>> RowsAsync(string sql);

    public override async ValueTask DisposeAsync()
    {
        _s3.Dispose();
        await DropAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Drops the schema and stops the server.</summary>
    protected abstract Task DropAsync();

    /// <summary>The lock table has a name of the feed's own.</summary>
    public override async Task<string> LockTableAsync() => await FindLockAsync() ?? "peaks3feed_lock_of_nobody";

    protected async Task<string?> FindLockAsync() => (await FindTablesAsync("peaks3feed_lock%")).SingleOrDefault();

    /// <summary>The servers of the tests, and the bucket for staged files; skips the test where they do not run.</summary>
    protected static async Task<(AmazonS3Client S3, string Endpoint, string Postgres)> ConnectAsync(string? endpoint)
    {
        var postgres = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES");
        var s3 = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3");
        Skip.If(
            string.IsNullOrEmpty(postgres) || string.IsNullOrEmpty(s3),
            "PEAKS3FEED_TEST_POSTGRES or PEAKS3FEED_TEST_S3 is not set: no stand-in for a warehouse");
        s3 = endpoint ?? s3;
        var client = new AmazonS3Client(
            new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
            new AmazonS3Config { ServiceURL = s3, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        if (endpoint is null)
            await client.PutBucketAsync(Bucket);
        return (client, s3!, postgres!);
    }
}
