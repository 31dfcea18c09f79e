using System.Text.Json.Nodes;
using PeakS3Feed.Connections.Policies;

namespace PeakS3Feed.Tests.Connections.Policies;

public class PolicyStatementsTests
{
    [Fact]
    public async Task A_folder_may_be_listed_and_read_and_nothing_more()
        => AssertJson(
            """
            { "Version": "2012-10-17", "Statement": [
              { "Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data",
                "Condition": { "StringLike": { "s3:prefix": "incoming/*" } } },
              { "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/incoming/*" } ] }
            """,
            (await TestPolicy.ConnectionAsync(TestPolicy.Draft)).PermissionPolicy);

    [Fact]
    public async Task A_whole_bucket_has_no_condition()
        => AssertJson(
            """
            { "Version": "2012-10-17", "Statement": [
              { "Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data" },
              { "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/*" } ] }
            """,
            (await TestPolicy.ConnectionAsync(TestPolicy.Draft with { RootPath = "/" })).PermissionPolicy);

    [Fact]
    public async Task The_trust_policy_names_the_principal_and_the_external_id()
    {
        var policy = await TestPolicy.ConnectionAsync(TestPolicy.Draft);
        AssertJson(
            """
            { "Version": "2012-10-17", "Statement": [
              { "Sid": "Assume", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:user/platform" }, "Action": "sts:AssumeRole",
                "Condition": { "StringEquals": { "sts:ExternalId": "ext-1" } } } ] }
            """,
            policy.TrustPolicy!);
        Assert.Empty(policy.Notes);
        Assert.Null(policy.KeyPolicyStatement);
    }

    [Fact]
    public async Task Without_an_external_id_none_is_demanded_and_that_is_said()
    {
        var policy = await TestPolicy.ConnectionAsync(TestPolicy.Draft with { ExternalId = null });
        Assert.Null(JsonNode.Parse(policy.TrustPolicy!)!["Statement"]![0]!["Condition"]);
        Assert.Contains("no external id", Assert.Single(policy.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eu-west-1", "aws", "s3.eu-west-1.amazonaws.com")]
    [InlineData("us-gov-west-1", "aws-us-gov", "s3.us-gov-west-1.amazonaws.com")]
    [InlineData("cn-north-1", "aws-cn", "s3.cn-north-1.amazonaws.com.cn", "s3.cn-north-1.amazonaws.com")]
    [InlineData("us-iso-east-1", "aws-iso", "s3.us-iso-east-1.c2s.ic.gov")]
    public async Task A_key_may_decrypt_for_s3_in_the_context_of_the_bucket_or_of_its_objects(string region, string partition, params string[] services)
    {
        var key = $"arn:{partition}:kms:{region}:444455556666:key/1b2c";
        var connection = TestPolicy.Draft with { Region = region, KmsKeyArn = key, TrustedPrincipal = "111122223333" };
        var policy = await TestPolicy.ConnectionAsync(connection);
        var statements = JsonNode.Parse(policy.PermissionPolicy)!["Statement"]!.AsArray();
        Assert.Equal(3, statements.Count);
        var via = services is [var only] ? $"\"{only}\"" : $"[{string.Join(",", services.Select(s => $"\"{s}\""))}]";
        var condition = $$"""
            { "StringEquals": { "kms:ViaService": {{via}} },
              "StringLike": { "kms:EncryptionContext:aws:s3:arn": [ "arn:{{partition}}:s3:::acme-data", "arn:{{partition}}:s3:::acme-data/incoming/*" ] } }
            """;
        AssertJson(
            $$"""{ "Sid": "Decrypt", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "{{key}}", "Condition": {{condition}} }""",
            statements[2]!.ToJsonString());
        Assert.Equal($"arn:{partition}:s3:::acme-data", (string?)statements[0]!["Resource"]);
        Assert.Equal($"arn:{partition}:s3:::acme-data/incoming/*", (string?)statements[1]!["Resource"]);
        Assert.Null(policy.KeyPolicyStatement);
        Assert.Contains("policy of the KMS key", Assert.Single(policy.Notes), StringComparison.Ordinal);

        var role = $"arn:{partition}:iam::777788889999:role/ingest";
        var made = await TestPolicy.ConnectionAsync(connection with { RoleArn = role });
        AssertJson(
            $$"""{ "Sid": "Decrypt", "Effect": "Allow", "Principal": { "AWS": "{{role}}" }, "Action": "kms:Decrypt", "Resource": "*", "Condition": {{condition}} }""",
            made.KeyPolicyStatement!);
        Assert.Empty(made.Notes);
    }

    [Fact]
    public async Task Every_character_arrives_and_all_of_it_is_ascii()
    {
        var policy = await TestPolicy.ConnectionAsync(TestPolicy.Draft with { RootPath = TestPolicy.OddRoot });
        var statements = JsonNode.Parse(policy.PermissionPolicy)!["Statement"]!;
        Assert.Equal(TestPolicy.OddRoot + "*", (string?)statements[0]!["Condition"]!["StringLike"]!["s3:prefix"]);
        Assert.Equal($"arn:aws:s3:::acme-data/{TestPolicy.OddRoot}*", (string?)statements[1]!["Resource"]);
        Assert.All(policy.PermissionPolicy, c => Assert.True(c is '\n' or (>= ' ' and <= '~'), $"U+{(int)c:X4}"));
        Assert.Contains("escapes", Assert.Single(policy.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_path_that_CloudFormation_would_replace_is_told()
        => Assert.Contains("dynamic reference", Assert.Single((await TestPolicy.ConnectionAsync(TestPolicy.Draft with { RootPath = "{{resolve:ssm:x}}/" })).Notes), StringComparison.Ordinal);

    [Fact]
    public async Task It_is_outdated_by_what_is_in_it_and_by_nothing_else()
    {
        var before = TestPolicy.WithKey;
        Assert.True(S3FeedPolicy.IsOutdated(before, before with { BucketName = "other" }));
        Assert.True(S3FeedPolicy.IsOutdated(before, before with { Region = "eu-west-2" }));
        Assert.True(S3FeedPolicy.IsOutdated(before, before with { RootPath = "/" }));
        Assert.True(S3FeedPolicy.IsOutdated(before, before with { KmsKeyArn = null }));
        Assert.True(S3FeedPolicy.IsOutdated(before, before with { ExternalId = "ext-2" }));
        Assert.True(S3FeedPolicy.IsOutdated(before, before with { TrustedPrincipal = "111122223333" }));
        Assert.True(S3FeedPolicy.IsOutdated(before, before with { SessionDuration = TimeSpan.FromHours(2) }));
        Assert.False(S3FeedPolicy.IsOutdated(before, before with { RoleArn = "arn:aws:iam::111122223333:role/x", SessionDuration = TimeSpan.FromMinutes(30), ProfileName = "p" }));
        var role = before with { RoleArn = "arn:aws:iam::111122223333:role/x" };
        Assert.True(S3FeedPolicy.IsOutdated(role, role with { RoleArn = "arn:aws:iam::111122223333:role/y" }));
        Assert.False(S3FeedPolicy.IsOutdated(role with { KmsKeyArn = null }, role with { KmsKeyArn = null, RoleArn = "arn:aws:iam::111122223333:role/y" }));
        Assert.False(S3FeedPolicy.IsOutdated(before, before with { EndpointUrl = "file:///data/", BucketName = "other" }));
        Assert.Equal((await TestPolicy.ConnectionAsync(before)).ToString(), (await TestPolicy.ConnectionAsync(before with { ProfileName = "p" })).ToString());
    }

    private static void AssertJson(string expected, string actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"expected {expected}\nbut was {actual}");
}
