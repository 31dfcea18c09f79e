using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Tests.Destinations.Redshift;

public sealed class RedshiftRulesTests
{
    private const string Role = "arn:aws:iam::123456789012:role/copy";
    private const string Secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loader-AbCdEf";

    private static readonly RedshiftDestination Wire = new()
    {
        Name = "dwh", Host = "dwh.abc.eu-west-1.redshift.amazonaws.com", Database = "dev", Username = "loader", Password = "env:P", StagingConnection = "lake",
    };

    private static readonly RedshiftDestination Cluster = new()
    {
        Name = "dwh", ClusterIdentifier = "dwh", Region = "eu-west-1", Database = "dev", StagingConnection = "lake",
    };

    private static readonly RedshiftDestination Workgroup = Cluster with { ClusterIdentifier = null, WorkgroupName = "analytics" };

    public static TheoryData<string, RedshiftDestination> Valid => new()
    {
        { "wire with a password", Wire },
        { "wire with a workgroup's temporary passwords", Workgroup with { Host = "h" } },
        { "wire as a cluster's IAM user", Cluster with { Host = "h", SslMode = "verifyca", RootCertificate = Path.GetFullPath("/ca.pem") } },
        { "wire as a cluster's user", Cluster with { Host = "h", DbUser = "loader", ProfileName = "p", EndpointUrl = "https://vpce.example.org" } },
        { "wire with a region that no login needs", Wire with { Region = "eu-west-1" } },
        { "Data API of a workgroup", Workgroup },
        { "Data API of a workgroup with a secret", Workgroup with { SecretArn = Secret } },
        { "Data API of a cluster", Cluster },
        { "Data API of a cluster with a secret", Cluster with { SecretArn = Secret } },
        { "Data API of a cluster's user", Cluster with { DbUser = "loader", EndpointUrl = "http://127.0.0.1:8080" } },
        { "one role", Wire with { IamRole = Role } },
        { "a chain of roles", Wire with { IamRole = $"{Role},arn:aws-us-gov:iam::210987654321:role/a/b" } },
        { "limits", Wire with { SliceCount = 8192, PartSizeMiB = 1024, DistKey = "id", SortKey = [.. Enumerable.Range(1, 400).Select(i => $"c{i}")] } },
        { "no folder for staged files", Wire with { StagingPrefix = "" } },
        { "a deep folder for staged files", Wire with { StagingPrefix = "a/ü b/" } },
    };

    public static TheoryData<RedshiftDestination, string, string> Invalid => new()
    {
        { Wire with { Host = "" }, "Host", "host is missing" },
        { Wire with { Host = "redshift://u:hunter2@h/d" }, "Host", "not a connection string" },
        { Wire with { Host = "/tmp" }, "Host", "must be a name or an address" },
        { Wire with { Host = "h:5439" }, "Host", "contains a port" },
        { Wire with { Port = 0 }, "Port", "not a port" },
        { Wire with { SslMode = "On" }, "SslMode", "must be Disable" },
        { Wire with { RootCertificate = "ca.pem" }, "RootCertificate", "must be absolute" },
        { Wire with { Username = null, Password = null }, "Username", "login is missing" },
        { Wire with { Username = null }, "Username", "user name is missing" },
        { Wire with { Password = null }, "Password", "password is missing" },
        { Wire with { Password = "hunter2" }, "Password", "" },
        { Wire with { ClusterIdentifier = "dwh", Region = "eu-west-1" }, "Username", "two logins" },
        { Wire with { SecretArn = Secret }, "SecretArn", "Data API" },
        { Wire with { DbUser = "u" }, "DbUser", "temporary passwords" },
        { Wire with { ProfileName = "p" }, "ProfileName", "makes none" },
        { Wire with { EndpointUrl = "https://example.org" }, "EndpointUrl", "makes none" },
        { Wire with { Region = "Ireland" }, "Region", "not the name of a region" },
        { Wire with { Database = " " }, "Database", "missing" },
        { Wire with { Schema = "" }, "Schema", "blank" },
        { Cluster with { ClusterIdentifier = null }, "Host", "names no warehouse" },
        { Cluster with { WorkgroupName = "analytics" }, "ClusterIdentifier", "both a workgroup and a cluster" },
        { Cluster with { Region = null }, "Region", "names no region" },
        { Cluster with { Host = "h", Region = null }, "Region", "names no region" },
        { Cluster with { Port = 5440 }, "Port", "no host" },
        { Cluster with { Username = "u" }, "Username", "no host" },
        { Cluster with { Password = "env:P" }, "Password", "no host" },
        { Cluster with { SslMode = "Disable" }, "SslMode", "no host" },
        { Cluster with { RootCertificate = Path.GetFullPath("/ca.pem") }, "RootCertificate", "no host" },
        { Cluster with { SecretArn = Secret, DbUser = "u" }, "SecretArn", "two logins" },
        { Cluster with { SecretArn = "hunter3" }, "SecretArn", "not the ARN of a secret" },
        { Cluster with { SecretArn = Secret, Region = "eu-central-1" }, "SecretArn", "is in eu-west-1" },
        { Cluster with { DbUser = " " }, "DbUser", "blank" },
        { Workgroup with { DbUser = "u" }, "DbUser", "serverless workgroup" },
        { Cluster with { ClusterIdentifier = "DWH" }, "ClusterIdentifier", "not the name of a cluster" },
        { Cluster with { ClusterIdentifier = "dwh.abc.eu-west-1.redshift.amazonaws.com" }, "ClusterIdentifier", "is a host name" },
        { Workgroup with { WorkgroupName = "wg.123456789012.eu-west-1.redshift-serverless.amazonaws.com" }, "WorkgroupName", "is a host name" },
        { Cluster with { ProfileName = "" }, "ProfileName", "blank" },
        { Cluster with { EndpointUrl = "http://example.org" }, "EndpointUrl", "https://" },
        { Wire with { StagingConnection = " " }, "StagingConnection", "missing" },
        { Wire with { StagingPrefix = "a" }, "StagingPrefix", "not a folder" },
        { Wire with { StagingPrefix = "/" }, "StagingPrefix", "not a folder" },
        { Wire with { StagingPrefix = "a//" }, "StagingPrefix", "not a folder" },
        { Wire with { StagingPrefix = "a/../" }, "StagingPrefix", "not a folder" },
        { Wire with { StagingPrefix = "a\\b/" }, "StagingPrefix", "not a folder" },
        { Wire with { StagingPrefix = "a\n/" }, "StagingPrefix", "not a folder" },
        { Wire with { StagingPrefix = "a*/" }, "StagingPrefix", "not a folder" },
        { Wire with { StagingPrefix = "s3://bucket/a/" }, "StagingPrefix", "is an address" },
        { Wire with { StagingPrefix = new string('a', 512) + "/" }, "StagingPrefix", "not a folder" },
        { Wire with { IamRole = "default" }, "IamRole", "must be the ARN" },
        { Wire with { IamRole = $"{Role}, {Role}" }, "IamRole", "not the ARN" },
        { Wire with { IamRole = "arn:aws:iam::123:role/x" }, "IamRole", "not the ARN" },
        { Wire with { IamRole = Role + "' ACCESS_KEY_ID 'x" }, "IamRole", "not the ARN" },
        { Wire with { IamRole = string.Join(',', Enumerable.Repeat(Role, 11)) }, "IamRole", "too long" },
        { Wire with { SliceCount = 0 }, "SliceCount", "0 slices" },
        { Wire with { SliceCount = 8193 }, "SliceCount", "8193 slices" },
        { Wire with { PartSizeMiB = 0 }, "PartSizeMiB", "0 MiB" },
        { Wire with { PartSizeMiB = 1025 }, "PartSizeMiB", "1025 MiB" },
        { Wire with { DistKey = "" }, "DistKey", "blank" },
        { Wire with { SortKey = ["a", ""] }, "SortKey", "blank" },
        { Wire with { SortKey = ["a", "A"] }, "SortKey", "twice" },
        { Wire with { SortKey = [.. Enumerable.Range(1, 401).Select(i => $"c{i}")] }, "SortKey", "401 columns" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Each_way_in_with_each_login_is_valid(string what, RedshiftDestination destination) => Assert.True(Check(destination).Count == 0, what);

    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_setting_that_breaks_a_rule_is_named_alone(RedshiftDestination destination, string field, string message)
    {
        var problem = Assert.Single(Check(destination));
        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message + problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_name_in_place_of_a_name_is_shortened_in_the_hint()
        => Assert.Contains(
            "for example wg;", Check(Workgroup with { WorkgroupName = "wg.123456789012.eu-west-1.redshift-serverless.amazonaws.com" })[0].Hint,
            StringComparison.Ordinal);

    [Fact]
    public void A_connection_to_a_folder_or_without_credentials_cannot_stage()
    {
        var lake = new S3Connection { Name = "lake", BucketName = "acme", Region = "eu-west-1", RequesterPays = true };
        Assert.Empty(BuiltInDestinations.Kinds.CheckConnection(Wire, lake));
        Assert.Equal(["Anonymous"], Fields(lake with { Anonymous = true }));
        Assert.Equal(["EndpointUrl"], Fields(lake with { EndpointUrl = Path.GetTempPath() }));
        Assert.Empty(Fields(lake with { Name = "other", Anonymous = true }));
        var error = Assert.Throws<FeedException>(() => BuiltInDestinations.Kinds.ThrowIfNotUsable(Wire, lake with { Anonymous = true }));
        Assert.Equal(("DestinationInvalid", "dwh"), (error.Id, error.Target));

        static string[] Fields(S3Connection connection) => [.. BuiltInDestinations.Kinds.CheckConnection(Wire, connection).Select(p => p.Field)];
    }

    [Fact]
    public void A_password_is_a_secret_and_the_staging_connection_a_reference()
    {
        Assert.Equal(["env:P"], BuiltInDestinations.Kinds.Secrets(Wire));
        Assert.Empty(BuiltInDestinations.Kinds.Secrets(Cluster));
        Assert.Equal([new ConnectionReference("StagingConnection", "lake", "peaks3feed-staging/")], BuiltInDestinations.Kinds.Connections(Cluster));
    }

    [Fact]
    public async Task A_destination_is_opened_with_its_secret_and_its_staging_connection()
    {
        var lake = new S3Connection { Name = "lake", BucketName = "acme", Region = "eu-west-1" };
        var context = new DestinationContext(Path.GetTempPath(), new SecretResolver(), NullLoggerFactory.Instance);
        var complete = context with { FindConnectionAsync = (_, _) => Task.FromResult(new ConnectionAccess(lake)) };

        await using var destination = await BuiltInDestinations.Kinds.OpenAsync(Workgroup, complete, CancellationToken.None);
        Assert.IsAssignableFrom<IStagingDestination>(destination);
        Assert.Contains("analytics", destination.Location, StringComparison.Ordinal);

        await ThrowsAsync("ConnectionNotFound", Workgroup, context);
        await ThrowsAsync("SecretNotFound", Wire with { Password = "env:PEAKS3FEED_NOT_SET" }, complete);

        static async Task ThrowsAsync(string id, RedshiftDestination definition, DestinationContext context)
            => Assert.Equal(id, (await Assert.ThrowsAsync<FeedException>(
                () => BuiltInDestinations.Kinds.OpenAsync(definition, context, CancellationToken.None))).Id);
    }

    [Fact]
    public void The_place_names_the_warehouse_without_secrets()
    {
        Assert.Equal("dwh.abc.eu-west-1.redshift.amazonaws.com:5439/dev, schema public", Wire.Place);
        Assert.Equal("analytics/dev, schema public", Workgroup.Place);
        Assert.Equal("dwh/dev, schema public", Cluster.Place);
    }

    private static IReadOnlyList<DefinitionProblem> Check(S3FeedDestination destination) => BuiltInDestinations.Kinds.Check(destination);
}
