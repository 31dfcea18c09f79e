using System.Data.Common;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Npgsql;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.RedshiftServer;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>How a destination of these tests reaches its warehouse.</summary>
public enum Way
{
    /// <summary>PostgreSQL's wire protocol.</summary>
    Wire,

    /// <summary>The Redshift Data API.</summary>
    DataApi,
}

/// <summary>A schema in a stand-in for Redshift of the test's own, and a bucket in Ceph for staged files.</summary>
public sealed class RedshiftDatabase : TestDatabase
{
    public const string Role = "arn:aws:iam::123456789012:role/copy";

    private const string Bucket = "redshift-stage";
    private const string Settings = "Pooling=false;Server Compatibility Mode=NoTypeLoading;GSS Encryption Mode=Disable";

    private readonly AmazonS3Client _s3;

    private RedshiftDatabase(RedshiftStandIn server, AmazonS3Client s3, string endpoint, Way way, string passwordFile)
    {
        (Server, _s3) = (server, s3);
        var wire = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        File.WriteAllText(passwordFile, wire.Password);
        Connections =
        [
            new S3Connection
            {
                Name = "staging", BucketName = Bucket, EndpointUrl = endpoint, ForcePathStyle = true, Region = "us-east-1", ProfileName = AwsProfile.Name,
                Status = ConnectionStatus.Verified,
            },
        ];
        var definition = new RedshiftDestination
        {
            Name = "warehouse", Database = wire.Database!, Schema = Schema, StagingConnection = "staging", StagingPrefix = Schema + "/", IamRole = Role,
        };
        Definition = way == Way.Wire
            ? definition with { Host = wire.Host, Port = wire.Port, Username = wire.Username, Password = "file:" + passwordFile, SslMode = "Disable" }
            : definition with { WorkgroupName = "tests", Region = "eu-central-1", EndpointUrl = server.DataApiUrl, ProfileName = AwsProfile.Name };
    }

    public RedshiftStandIn Server { get; }

    /// <summary>The schema of this test.</summary>
    public string Schema { get; } = string.Create(CultureInfo.InvariantCulture, $"s{Guid.NewGuid():N}");

    public override RedshiftDestination Definition { get; }

    /// <summary>Starts it; without the servers, the test is skipped by name.</summary>
    public static async Task<RedshiftDatabase> CreateAsync(TestFolder folder, Way way)
    {
        var postgres = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES");
        var s3 = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3");
        Skip.If(
            string.IsNullOrEmpty(postgres) || string.IsNullOrEmpty(s3),
            "PEAKS3FEED_TEST_POSTGRES or PEAKS3FEED_TEST_S3 is not set: no stand-in for Redshift");
        var client = new AmazonS3Client(
            new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
            new AmazonS3Config { ServiceURL = s3, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await client.PutBucketAsync(Bucket);
        var server = await RedshiftStandIn.StartAsync(new RedshiftStandInOptions(postgres!, s3!));
        var database = new RedshiftDatabase(server, client, s3!, way, folder.File("password"));
        await database.ExecuteAsync($"CREATE SCHEMA {database.Schema}");
        return database;
    }

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection($"{Server.ConnectionString};{Settings};Search Path={Schema}");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The keys of the files that are staged now.</summary>
    public async Task<List<string>> StagedAsync()
        => [.. ((await _s3.ListObjectsV2Async(new() { BucketName = Bucket, Prefix = Schema + "/" })).S3Objects ?? []).Select(o => o.Key)];

    /// <summary>The names of the staging tables that exist now.</summary>
    public async Task<List<string>> StagingTablesAsync()
        => [.. (await QueryAsync($"{Tables} AND c.relname LIKE 'peaks3feed_stage%'")).Select(r => (string)r[0]!)];

    public override async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        await Server.DisposeAsync();
        _s3.Dispose();
    }

    /// <summary>The lock table has a name of the feed's own. It is looked up by another session: LOCK must come before the transaction's snapshot.</summary>
    public override async Task<string> LockTableAsync() => await FindLockAsync() ?? "peaks3feed_lock_of_nobody";

    protected override async Task<string?> FindLockLedgerAsync(DbConnection connection) => await FindLockAsync() is { } name ? $"LOCK {name}" : null;

    protected override string FindTable(string name) => $"{Tables} AND c.relname = '{name}'";

    // Without the views of Redshift, whose functions lock the tables of all schemas: tests that drop theirs would deadlock with them.
    private string Tables
        => $"SELECT CAST(c.relname AS VARCHAR(127)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{Schema}'";

    private async Task<string?> FindLockAsync()
        => (await QueryAsync($"{Tables} AND c.relname LIKE 'peaks3feed_lock%'")).Select(r => (string)r[0]!).SingleOrDefault();
}
