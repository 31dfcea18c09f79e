using System.Text.Json.Nodes;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Destinations.Redshift;

namespace PeakS3Feed.Tests.Engine;

/// <summary>What the COPY role needs for objects that a warehouse loads itself.</summary>
public sealed class DirectPolicyTests : IDisposable
{
    private static readonly S3Connection Staging = new()
    {
        Name = "staging", BucketName = "acme-staging", Region = "eu-west-1", RoleArn = "arn:aws:iam::444455556666:role/staging",
        TrustedPrincipal = "arn:aws:iam::444455556666:user/feeds", ExternalId = "ext-1",
    };

    private static readonly S3Connection Shop = Staging with { Name = "shop", BucketName = "acme-shop", RootPath = "in/" };

    private static readonly S3Feed Orders = new()
    {
        Name = "orders", ConnectionName = "shop", DestinationNames = ["dwh"], FileType = FileType.Csv, AuditColumns = AuditColumns.None,
    };

    private static readonly RedshiftDestination Redshift = PolicyStore.Workgroup with { StagingConnection = "staging" };

    private static readonly SnowflakeDestination Snowflake = new()
    {
        Name = "dwh", Account = "acme-sales", Username = "loader", PrivateKey = "env:SFKEY", Database = "sales", StagingConnection = "staging",
        StagingPrefix = "stage/", SourceStage = "lake.objects",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly FeedEngine _engine;

    public DirectPolicyTests() => _engine = new(StorePaths.Resolve(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_role_of_Redshift_also_reads_the_objects_of_a_feed_that_may_be_loaded_directly()
    {
        var policy = await PolicyAsync(Redshift, Orders);
        AssertJson(
            """
            [ { "Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-staging",
                "Condition": { "StringLike": { "s3:prefix": "stage/*" } } },
              { "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-staging/stage/*" },
              { "Sid": "ListSource", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-shop",
                "Condition": { "StringLike": { "s3:prefix": "in/*" } } },
              { "Sid": "ReadSource", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-shop/in/*" } ]
            """,
            policy);
        Assert.Contains(policy.Notes, n => n.Contains("objects of shop", StringComparison.Ordinal));
    }

    public static TheoryData<string, S3Feed, S3FeedDestination> NotDirect => new()
    {
        { "audit columns", Orders with { AuditColumns = AuditColumns.All }, Redshift },
        { "other files", Orders with { FileType = FileType.Ndjson }, Redshift },
        { "another destination", Orders with { DestinationNames = ["lite"] }, Redshift },
        { "staged", Orders, Redshift with { LoadPath = LoadPath.Staged } },
        { "staged by Snowflake", Orders, Snowflake with { LoadPath = LoadPath.Staged } },
        { "no stage of the objects", Orders, Snowflake with { SourceStage = null } },
    };

    [Theory]
    [MemberData(nameof(NotDirect))]
    public async Task Without_such_a_feed_it_reads_staged_files_alone(string why, S3Feed feed, S3FeedDestination destination)
    {
        var policy = await PolicyAsync(destination, feed);
        Assert.False(policy.PermissionPolicy.Contains("acme-shop", StringComparison.Ordinal), why);
        Assert.DoesNotContain(policy.Notes, n => n.Contains("shop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_connection_has_statements_of_its_own_once_and_a_key_is_pointed_out()
    {
        var keyed = Shop with { Name = "old", BucketName = "acme-old", RootPath = "/", KmsKeyArn = "arn:aws:kms:eu-west-1:444455556666:key/k1" };
        var policy = await PolicyAsync(
            Redshift, [Shop, keyed], Orders, Orders with { Id = Guid.NewGuid(), Name = "lines", Path = "lines/" },
            Orders with { Id = Guid.NewGuid(), Name = "before", ConnectionName = "old" });
        var sids = JsonNode.Parse(policy.PermissionPolicy)!["Statement"]!.AsArray().Select(s => (string?)s!["Sid"]);
        Assert.Equal(["List", "Read", "ListSource", "ReadSource", "ListSource2", "ReadSource2", "DecryptSource2"], sids);
        Assert.Contains(policy.Notes, n => n.Contains("key/k1 of old must also allow the role", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Snowflake_needs_its_two_further_actions_there_too()
    {
        var statements = JsonNode.Parse((await PolicyAsync(Snowflake, Orders)).PermissionPolicy)!["Statement"]!.AsArray();
        Assert.Equal(
            ["List", "Read", "Locate", "ListSource", "ReadSource", "LocateSource"], statements.Select(s => (string?)s!["Sid"]));
        Assert.Equal("""["s3:GetObject","s3:GetObjectVersion"]""", statements[4]!["Action"]!.ToJsonString());
    }

    [Fact]
    public async Task The_set_up_of_Snowflake_has_the_stage_of_the_objects_and_its_integration_allows_them()
    {
        await StoreAsync(Snowflake, [Shop], Orders);
        var steps = (await _engine.SetupAsync("dwh", null, null, default)).Steps;
        var integration = Assert.Single(steps, s => s.Text?.Contains("CREATE STORAGE INTEGRATION", StringComparison.Ordinal) == true);
        Assert.EndsWith("  STORAGE_ALLOWED_LOCATIONS = ('s3://acme-staging/stage/', 's3://acme-shop/in/');", integration.Text, StringComparison.Ordinal);
        var stage = Assert.Single(steps, s => s.Title.Contains("stage of the objects", StringComparison.Ordinal));
        Assert.Equal(
            """
            CREATE SCHEMA IF NOT EXISTS "SALES"."LAKE";
            GRANT USAGE ON SCHEMA "SALES"."LAKE" TO ROLE "PEAKS3FEED_DWH";
            CREATE STAGE IF NOT EXISTS "SALES"."LAKE"."OBJECTS"
              URL = 's3://acme-shop/in/'
              STORAGE_INTEGRATION = "PEAKS3FEED_DWH";
            GRANT USAGE ON STAGE "SALES"."LAKE"."OBJECTS" TO ROLE "PEAKS3FEED_DWH";
            -- If the storage integration was created before, it must allow the objects, too. This statement replaces the locations that it allows:
            -- ALTER STORAGE INTEGRATION "PEAKS3FEED_DWH" SET STORAGE_ALLOWED_LOCATIONS = ('s3://acme-staging/stage/', 's3://acme-shop/in/');
            """,
            stage.Text);
        var role = Assert.Single(steps, s => s.Text?.Contains("aws iam create-role", StringComparison.Ordinal) == true);
        Assert.Contains("arn:aws:s3:::acme-shop/in/*", role.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_stage_of_the_objects_the_set_up_has_no_such_step()
    {
        await StoreAsync(Snowflake with { SourceStage = null }, [Shop], Orders);
        Assert.DoesNotContain((await _engine.SetupAsync("dwh", null, null, default)).Steps, s => s.Text?.Contains("acme-shop", StringComparison.Ordinal) == true);
    }

    private static void AssertJson(string expected, S3FeedPolicy policy) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(policy.PermissionPolicy)!["Statement"]), policy.PermissionPolicy);

    private Task<S3FeedPolicy> PolicyAsync(S3FeedDestination destination, S3Feed feed) => PolicyAsync(destination, [Shop], feed);

    private async Task<S3FeedPolicy> PolicyAsync(S3FeedDestination destination, IEnumerable<S3Connection> sources, params S3Feed[] feeds)
    {
        await StoreAsync(destination, sources, feeds);
        return await _engine.PolicyAsync("dwh", PolicyPurpose.Copy, null, accessKey: null, default);
    }

    private async Task StoreAsync(S3FeedDestination destination, IEnumerable<S3Connection> sources, params S3Feed[] feeds)
        => await _engine.Store.UpdateAsync(d =>
        {
            d = sources.Append(Staging).Aggregate(d, (all, c) => all.With(c)).With(destination).With(new SqliteDestination { Name = "lite", Path = "l.db" });
            return feeds.Aggregate(d, (all, f) => all.With(f));
        });
}
