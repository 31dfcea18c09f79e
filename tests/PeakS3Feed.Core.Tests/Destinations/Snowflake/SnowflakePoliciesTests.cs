using System.Text.Json.Nodes;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>What the policies of a Snowflake destination allow.</summary>
public sealed class SnowflakePoliciesTests : IDisposable
{
    private const string User = "arn:aws:iam::999900001111:user/abc1-b-self1234";
    private const string ExternalId = "ACME_SFCRole=2_a1b2+c3/d4=";
    private const string Role = "arn:aws:iam::444455556666:role/path/copy";

    private static readonly SnowflakeDestination Warehouse = new()
    {
        Name = "dwh", Account = "acme-sales", AccessToken = "env:T", Database = "SALES", StagingConnection = "acme", StagingPrefix = "stage/",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly FeedEngine _engine;

    public SnowflakePoliciesTests() => _engine = new(StorePaths.Resolve(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copy_may_list_and_read_below_the_prefix_only_and_find_the_region()
    {
        var policy = await GetAsync(Warehouse, PolicyPurpose.Copy);
        AssertJson(
            """
            [ { "Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data",
                "Condition": { "StringLike": { "s3:prefix": "incoming/stage/*" } } },
              { "Sid": "Read", "Effect": "Allow", "Action": [ "s3:GetObject", "s3:GetObjectVersion" ],
                "Resource": "arn:aws:s3:::acme-data/incoming/stage/*" },
              { "Sid": "Locate", "Effect": "Allow", "Action": "s3:GetBucketLocation", "Resource": "arn:aws:s3:::acme-data" } ]
            """,
            Statements(policy.PermissionPolicy));
        Assert.Equal(("acme", "dwh", PolicyPurpose.Copy), (policy.ConnectionName, policy.DestinationName, policy.For));
    }

    [Fact]
    public async Task Before_the_integration_exists_nobody_may_assume_the_role()
    {
        var policy = await GetAsync(Warehouse, PolicyPurpose.Copy);
        AssertJson(
            """[ { "Sid": "Nobody", "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": "sts:AssumeRole" } ]""", Statements(policy.TrustPolicy!));
        Assert.Null(policy.TrustedPrincipal);
        Assert.Collection(
            policy.Notes,
            n => Assert.Contains("STORAGE_AWS_IAM_USER_ARN, the trusted principal, and STORAGE_AWS_EXTERNAL_ID", n, StringComparison.Ordinal),
            n => Assert.Contains("integrationRole", n, StringComparison.Ordinal));
        Assert.StartsWith("aws iam create-role --role-name 'peaks3feed-copy-dwh' ", policy.Render(PolicyForm.AwsCli), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_values_of_the_integration_its_user_may_assume_the_role_with_its_external_id()
    {
        var policy = await GetAsync(Warehouse with { IntegrationRole = Role }, PolicyPurpose.Copy, principal: User, externalId: ExternalId);
        AssertJson(
            $$"""
            [ { "Sid": "Assume", "Effect": "Allow", "Principal": { "AWS": "{{User}}" }, "Action": "sts:AssumeRole",
                "Condition": { "StringEquals": { "sts:ExternalId": "{{ExternalId}}" } } } ]
            """,
            Statements(policy.TrustPolicy!));
        Assert.Equal(User, policy.TrustedPrincipal);
        Assert.Empty(policy.Notes);
        Assert.Contains("aws iam update-assume-role-policy --role-name 'copy' ", policy.Render(PolicyForm.AwsCli), StringComparison.Ordinal);
        Assert.Contains("\"path\": \"/path/\"", policy.Render(PolicyForm.CloudFormation).ToLowerInvariant(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_leave_the_trust_policy_of_a_role_that_exists_as_it_is()
    {
        var policy = await GetAsync(Warehouse with { IntegrationRole = Role }, PolicyPurpose.Copy);
        var commands = policy.Render(PolicyForm.AwsCli).Split('\n');
        Assert.Equal(2, commands.Length);
        Assert.StartsWith("# The role's trust policy stays as it is", commands[0], StringComparison.Ordinal);
        Assert.StartsWith("aws iam put-role-policy --role-name 'copy' ", commands[1], StringComparison.Ordinal);
        Assert.Contains(policy.Notes, n => n.Contains("keep its trust policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Copy_with_a_key_may_decrypt_and_the_key_must_allow_the_role()
    {
        var policy = await GetAsync(Warehouse with { IntegrationRole = Role }, PolicyPurpose.Copy, TestPolicy.WithKey);
        Assert.Equal("kms:Decrypt", (string?)Statements(policy.PermissionPolicy)[2]!["Action"]);
        Assert.Equal(Role, (string?)JsonNode.Parse(policy.KeyPolicyStatement!)!["Principal"]!["AWS"]);
        var unnamed = await GetAsync(Warehouse, PolicyPurpose.Copy, TestPolicy.WithKey);
        Assert.Null(unnamed.KeyPolicyStatement);
        Assert.Contains(unnamed.Notes, n => n.Contains("once the destination names its role", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Staging_is_that_of_every_warehouse()
    {
        var policy = await GetAsync(Warehouse, PolicyPurpose.Staging);
        Assert.Equal(
            ["s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject", "s3:DeleteObject"],
            Statements(policy.PermissionPolicy)[1]!["Action"]!.AsArray().Select(a => (string?)a));
        Assert.Equal("arn:aws:s3:::acme-data/incoming/stage/*", (string?)Statements(policy.PermissionPolicy)[1]!["Resource"]);
    }

    [Fact]
    public async Task An_external_id_replaces_that_of_the_connection_for_once()
    {
        foreach (var purpose in new[] { PolicyPurpose.Staging, PolicyPurpose.Source })
        {
            var policy = await GetAsync(Warehouse, purpose, externalId: "other");
            Assert.Equal("other", (string?)Statements(policy.TrustPolicy!)[0]!["Condition"]!["StringEquals"]!["sts:ExternalId"]);
        }
    }

    [Fact]
    public async Task Values_that_cannot_be_right_are_refused()
    {
        Assert.Equal("PrincipalUnusable", await FailAsync(PolicyPurpose.Copy, User, null));
        Assert.Equal("PrincipalUnusable", await FailAsync(PolicyPurpose.Copy, null, ExternalId));
        Assert.Equal("ConnectionInvalid", await FailAsync(PolicyPurpose.Copy, "<STORAGE_AWS_IAM_USER_ARN>", ExternalId));
        Assert.Equal("ConnectionInvalid", await FailAsync(PolicyPurpose.Copy, User, "a b"));
        Assert.Equal("PolicyNotNeeded", await FailAsync(PolicyPurpose.DataApi, null, null));
        Assert.Equal("PolicyPurposeUnclear", await FailAsync(PolicyPurpose.Source, null, null));

        async Task<string> FailAsync(PolicyPurpose purpose, string? principal, string? externalId)
        {
            await _engine.Store.UpdateAsync(d => d.With(TestPolicy.Draft).With(Warehouse));
            return (await Assert.ThrowsAsync<FeedException>(() => _engine.PolicyAsync("dwh", purpose, principal, externalId, accessKey: null, default))).Id;
        }
    }

    [Fact]
    public async Task The_purposes_to_choose_from_are_those_of_the_kind()
    {
        await _engine.Store.UpdateAsync(d => d.With(TestPolicy.Draft).With(Warehouse));
        var error = await Assert.ThrowsAsync<FeedException>(() => _engine.PolicyAsync("dwh", null, null, default));
        Assert.Equal(["Get-S3FeedPolicy -Name dwh -For Staging", "Get-S3FeedPolicy -Name dwh -For Copy"], error.Remedies.Select(r => r.Cmdlet));
        Assert.DoesNotContain("DataApi", error.Hint, StringComparison.Ordinal);
    }

    private async Task<S3FeedPolicy> GetAsync(
        SnowflakeDestination destination, PolicyPurpose purpose, S3Connection? connection = null, string? principal = null, string? externalId = null)
    {
        await _engine.Store.UpdateAsync(d => d.With(connection ?? TestPolicy.Draft).With(destination));
        var name = purpose == PolicyPurpose.Source ? "acme" : destination.Name;
        return await _engine.PolicyAsync(name, purpose, principal, externalId, accessKey: null, default);
    }

    private static JsonArray Statements(string document) => JsonNode.Parse(document)!["Statement"]!.AsArray();

    private static void AssertJson(string expected, JsonNode actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut was {actual}");
}
