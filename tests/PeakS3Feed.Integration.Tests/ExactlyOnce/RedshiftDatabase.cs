using System.Data.Common;
using Amazon.S3;
using Npgsql;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.RedshiftServer;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A schema in a stand-in for Redshift of the test's own, and a bucket in Ceph for staged files.</summary>
public sealed class RedshiftDatabase : WarehouseDatabase
{
    public const string Role = "arn:aws:iam::123456789012:role/copy";

    private const string Settings = "Pooling=false;Server Compatibility Mode=NoTypeLoading;GSS Encryption Mode=Disable";

    private RedshiftDatabase(RedshiftStandIn server, AmazonS3Client s3, string endpoint, Way way, string passwordFile)
        : base(s3, endpoint)
    {
        Server = server;
        var wire = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        File.WriteAllText(passwordFile, wire.Password);
        var definition = new RedshiftDestination
        {
            Name = "warehouse", Database = wire.Database!, Schema = Schema, StagingConnection = "staging", StagingPrefix = StagingFolder, IamRole = Role,
        };
        Definition = way == Way.Wire
            ? definition with { Host = wire.Host, Port = wire.Port, Username = wire.Username, Password = "file:" + passwordFile, SslMode = "Disable" }
            : definition with { WorkgroupName = "tests", Region = "eu-central-1", EndpointUrl = server.DataApiUrl, ProfileName = AwsProfile.Name };
    }

    public RedshiftStandIn Server { get; }

    public override TestControls Controls => Server.Controls;

    public override TokenMode Tokens
    {
        get => Server.Tokens;
        set => Server.Tokens = value;
    }

    public override string LockPattern => $"^LOCK .*{Schema}";

    public override bool ClaimsWithLock => true;

    public override string CommitCall => "RedshiftData.BatchExecuteStatement";

    public override RedshiftDestination Definition { get; }

    /// <summary>Starts it; without the servers, the test is skipped by name.</summary>
    public static async Task<RedshiftDatabase> StartAsync(TestFolder folder, Way way, string? endpoint = null)
    {
        var (client, s3, postgres) = await ConnectAsync(endpoint);
        var server = await RedshiftStandIn.StartAsync(new RedshiftStandInOptions(postgres, s3));
        var database = new RedshiftDatabase(server, client, s3, way, folder.File("password"));
        await database.ExecuteAsync($"CREATE SCHEMA {database.Schema}");
        return database;
    }

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection($"{Server.ConnectionString};{Settings};Search Path={Schema}");
        await connection.OpenAsync();
        return connection;
    }

    public override S3FeedDestination LoadDirectly(string bucket, LoadPath path) => Definition with { LoadPath = path };

    public override ControlRule Conflict(string match, int times = 1) => new(
        "conflict", match, ControlAction.Fail, Times: times, State: "XX000",
        Message: "1023  Detail: Serializable isolation violation on table - 100, transactions forming the cycle are: 1, 2");

    public override ControlRule Denial(string match) => new(
        "denied", match, ControlAction.Fail, State: "42501", Message: "permission denied for relation peaks3feed_load");

    public override async Task<List<string>> FindTablesAsync(string pattern)
        => [.. (await QueryAsync($"{Tables} AND c.relname LIKE '{pattern}'")).Select(r => (string)r[0]!)];

    public override async Task<List<string>> RowsAsync(string sql)
    {
        await using var connection = (NpgsqlConnection)await OpenAsync();
        return [.. (await Redshift.StagedLoad.RowsAsync(connection, sql)).Select(r => r.Replace("NULL", "∅", StringComparison.Ordinal))];
    }

    protected override async Task DropAsync()
    {
        await ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        await Server.DisposeAsync();
    }

    // It is looked up by another session: LOCK must come before the transaction's snapshot.
    protected override async Task<string?> FindLockLedgerAsync(DbConnection connection) => await FindLockAsync() is { } name ? $"LOCK {name}" : null;

    protected override string FindTable(string name) => $"{Tables} AND c.relname = '{name}'";

    // Without the views of Redshift, whose functions lock the tables of all schemas: tests that drop theirs would deadlock with them.
    private string Tables
        => $"SELECT CAST(c.relname AS VARCHAR(127)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{Schema}'";
}
