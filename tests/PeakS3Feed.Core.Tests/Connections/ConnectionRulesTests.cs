using PeakS3Feed.Aws;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Tests.Connections;

public class ConnectionRulesTests
{
    private static readonly S3Connection Good = new()
    {
        Name = "acme_data", Region = "eu-west-1", BucketName = "acme-data", RootPath = "incoming/",
        RoleArn = "arn:aws:iam::123456789012:role/path/ingest", ExternalId = "9b2e-41",
    };

    [Fact]
    public void A_whole_definition_is_valid() => Assert.Empty(Good.Validate());

    [Theory]
    [InlineData("acme.data-1", true)]
    [InlineData("abc", true)]
    [InlineData("mypoint-abc123def-s3alias", true)]
    [InlineData("ab", false)]
    [InlineData("Acme", false)]
    [InlineData("acme_data", false)]
    [InlineData("-acme", false)]
    [InlineData("acme.", false)]
    [InlineData("acme..data", false)]
    [InlineData("192.168.5.4", false)]
    [InlineData("xn--acme", false)]
    [InlineData("acme--euw1-az1--x-s3", false)]
    [InlineData("s3://acme", false)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Bucket_names_follow_the_rules_of_s3(string name, bool valid) => AssertField(Good with { BucketName = name }, "BucketName", valid);

    [Theory]
    [InlineData("/", true)]
    [InlineData("in/", true)]
    [InlineData("in/coming 2026/ü/", true)]
    [InlineData("", false)]
    [InlineData("in", false)]
    [InlineData("/in/", false)]
    [InlineData("//", false)]
    [InlineData("in*/", false)]
    [InlineData("in?/", false)]
    [InlineData("${aws:username}/", false)]
    [InlineData("in\n/", false)]
    public void A_root_path_cannot_widen_the_policy(string path, bool valid) => AssertField(Good with { RootPath = path }, "RootPath", valid);

    [Theory]
    [InlineData("arn:aws:iam:::role/ingest", true)]
    [InlineData("arn:aws:iam::123456789012:role/a/b/x+=,.@-_", true)]
    [InlineData("arn:aws-us-gov:iam::123456789012:role/x", false)]
    [InlineData("arn:azure:iam::123456789012:role/x", false)]
    [InlineData("arn:aws:iam::123456789012:role/x'; rm -rf ~", false)]
    [InlineData("arn:aws:iam::123456789012:role/*", false)]
    [InlineData("arn:aws:iam::123456789012:role/a*/x", false)]
    [InlineData("arn:aws:iam::123456789012:role/a\"b/x", false)]
    [InlineData("arn:aws:iam::123456789012:user/x", false)]
    [InlineData("arn:aws:iam::123456789012:role/", false)]
    [InlineData("ingest", false)]
    public void A_role_is_named_by_its_arn(string arn, bool valid) => AssertField(Good with { RoleArn = arn }, "RoleArn", valid);

    [Theory]
    [InlineData("123456789012", true)]
    [InlineData("arn:aws:iam::123456789012:root", true)]
    [InlineData("arn:aws:iam::123456789012:user/people/ann@acme.com", true)]
    [InlineData("arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_1", true)]
    [InlineData("arn:aws:sts::123456789012:assumed-role/etl/i-0abc", true)]
    [InlineData("arn:aws:iam:::user/platform", true)]
    [InlineData("*", false)]
    [InlineData("arn:aws:iam::123456789012:user/*", false)]
    [InlineData("arn:aws:iam::123456789012:user/${aws:username}", false)]
    [InlineData("arn:aws:iam::123456789012:group/people", false)]
    [InlineData("arn:aws:sts::123456789012:federated-user/bob", false)]
    [InlineData("arn:aws-cn:iam::123456789012:user/ann", false)]
    [InlineData("ec2.amazonaws.com", false)]
    public void A_trusted_principal_is_one_that_may_assume_roles(string principal, bool valid)
        => AssertField(Good with { TrustedPrincipal = principal }, "TrustedPrincipal", valid);

    [Theory]
    [InlineData("arn:aws:kms:eu-west-1:123456789012:key/1b2c-3d", true)]
    [InlineData("arn:aws:kms:eu-west-1:123456789012:key/mrk-12ab", true)]
    [InlineData("arn:aws:kms:eu-west-1:123456789012:alias/data", false)]
    [InlineData("arn:aws:kms::123456789012:key/1b2c-3d", false)]
    [InlineData("arn:aws:kms:us-east-1:123456789012:key/1b2c-3d", false)]
    [InlineData("arn:aws-cn:kms:cn-north-1:123456789012:key/1b2c-3d", false)]
    [InlineData("alias/x", false)]
    public void A_key_is_named_by_its_arn_in_the_buckets_region(string arn, bool valid) => AssertField(Good with { KmsKeyArn = arn }, "KmsKeyArn", valid);

    [Theory]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("cn-northwest-1", "aws-cn")]
    [InlineData("us-gov-west-1", "aws-us-gov")]
    [InlineData("us-iso-east-1", "aws-iso")]
    [InlineData("us-isob-east-1", "aws-iso-b")]
    [InlineData("eu-isoe-west-1", "aws-iso-e")]
    [InlineData("us-isof-south-1", "aws-iso-f")]
    [InlineData("eu-central-2", "aws")]
    public void Arns_are_of_the_regions_partition(string region, string partition)
    {
        AssertField(Good with { Region = region, RoleArn = $"arn:{partition}:iam::123456789012:role/x" }, "RoleArn", true);
        AssertField(Good with { Region = region, RoleArn = "arn:aws-mars:iam::123456789012:role/x" }, "RoleArn", false);
        AssertField(Good with { Region = region, RoleArn = "arn:aws-mars:iam::123456789012:role/x", EndpointUrl = "https://s3.example.com" }, "RoleArn", true);
    }

    [Theory]
    [InlineData("https://s3.example.com", true)]
    [InlineData("http://127.0.0.1:7480", true)]
    [InlineData("file:///data/in", true)]
    [InlineData("file://data/in", false)]
    [InlineData("file:data", false)]
    [InlineData("s3.example.com", false)]
    [InlineData("ftp://s3.example.com", false)]
    [InlineData("https://key:secret@s3.example.com", false)]
    public void An_endpoint_is_a_server_or_a_folder(string url, bool valid) => AssertField(Good with { EndpointUrl = url }, "EndpointUrl", valid);

    [Theory]
    [InlineData(1, true)]
    [InlineData(512, true)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(513, false)]
    public void A_connection_reads_on_1_to_512_connections(int connections, bool valid)
        => AssertField(Good with { MaxConnections = connections }, "MaxConnections", valid);

    [Theory]
    [InlineData(15, true)]
    [InlineData(720, true)]
    [InlineData(14, false)]
    [InlineData(721, false)]
    public void A_session_lasts_15_minutes_to_12_hours(int minutes, bool valid)
        => AssertField(Good with { SessionDuration = TimeSpan.FromMinutes(minutes) }, "SessionDuration", valid);

    [Fact]
    public void The_rest_is_looked_at_too()
    {
        AssertField(Good with { Name = "acme data" }, "Name", false);
        AssertField(Good with { Region = null }, "Region", false);
        AssertField(Good with { Region = "eu west 1" }, "Region", false);
        AssertField(Good with { ExternalId = "two words" }, "ExternalId", false);
        AssertField(Good with { StsEndpointUrl = "sts" }, "StsEndpointUrl", false);
        AssertField(Good with { Anonymous = true }, "Anonymous", false);
    }

    [Fact]
    public void A_sessions_name_says_which_feed_and_run()
    {
        var run = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
        Assert.Equal("orders-0f8fad5b", new SourceIdentity("orders", run).SessionName);
        Assert.Equal("a-b--0f8fad5b", new SourceIdentity("a bü", run).SessionName);
        Assert.Equal(64, new SourceIdentity(new string('x', 80), run).SessionName.Length);
    }

    [Fact]
    public void An_access_key_does_not_show_its_secret()
        => Assert.DoesNotContain("hush", new AccessKey("AKIA1", "hush").ToString(), StringComparison.Ordinal);

    private static void AssertField(S3Connection connection, string field, bool valid)
    {
        var problems = connection.Validate();
        if (valid)
            Assert.Empty(problems);
        else
            Assert.Equal(field, Assert.Single(problems).Field);
    }
}
